using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Memory.Core.Episodic;

public static class EpisodicRegistration
{
    public static IHostApplicationBuilder AddEpisodic(this IHostApplicationBuilder builder)
    {
        builder.AddValidatedOptions<EpisodicOptions, EpisodicOptionsValidator>(EpisodicOptions.Section);
        builder.Services.AddSingleton<EpisodeLog>();
        builder.Services.AddSingleton<HistoryImport>();
        builder.Services.AddSingleton<IngestionEventLog>();
        builder.Services.AddSingleton<EventFeed>();
        return builder;
    }
}
