using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Memory.Models;

public static class ModelsRegistration
{
    /// <summary>
    /// The models by configuration: an <see cref="IChatClient"/> for each role of <see cref="ModelRole"/> but the last, an
    /// <see cref="IEmbeddingGenerator{TInput, TEmbedding}"/> for that, keyed by the role, and the
    /// <see cref="EmbeddingModel"/> it embeds with. An unknown provider or setting fails at start.
    /// </summary>
    public static IHostApplicationBuilder AddModels(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<ModelOptions>().BindConfiguration(ModelOptions.Section).ValidateOnStart();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ModelOptions>, ModelOptionsValidator>());
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<ModelIds>();
        builder.Services.AddSingleton<ModelFactory>();
        foreach (string role in ModelRole.All.Where(role => role != ModelRole.Embed))
            builder.Services.AddKeyedSingleton(role, (services, _) => services.GetRequiredService<ModelFactory>().Chat(role));
        builder.Services.AddKeyedSingleton(ModelRole.Embed, (services, _) => services.GetRequiredService<ModelFactory>().Embeddings());
        builder.Services.AddSingleton(services => services.GetRequiredService<ModelFactory>().EmbeddingModel);
        builder.Services.AddHostedService<ModelsAtStart.Check>();
        return builder;
    }
}
