using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Memory.Models;

public static class ModelsAtStart
{
    /// <summary>Makes the client of every role: what no call could ever work with is said now, not at the first message.</summary>
    /// <exception cref="OptionsValidationException">A provider cannot be reached with these settings.</exception>
    public static void RequireModels(this IServiceProvider services)
    {
        foreach (string role in ModelRole.All.Where(role => role != ModelRole.Embed))
            services.GetRequiredKeyedService<IChatClient>(role);
        services.GetRequiredKeyedService<IEmbeddingGenerator<string, Embedding<float>>>(ModelRole.Embed);
    }

    internal sealed class Check(IServiceProvider services) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            services.RequireModels();
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
