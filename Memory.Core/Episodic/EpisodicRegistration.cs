using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Memory.Core.Episodic;

public static class EpisodicRegistration
{
    public static IHostApplicationBuilder AddEpisodic(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<EpisodeLog>();
        builder.Services.AddSingleton<IngestionEventLog>();
        return builder;
    }
}
