using Memory.Core.Episodic;
using Memory.Core.History;
using Memory.Core.Ingestion;
using Memory.Core.Lanes;
using Memory.Core.LongTerm;
using Memory.Core.Privacy;
using Memory.Core.Retrieval;
using Memory.Core.ShortTerm;
using Memory.Core.Storage;
using Memory.Core.Webhooks;
using Memory.Models;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Memory.Core;

public static class MemoryCoreRegistration
{
    /// <summary>Every room of the engine, in their order. Needs the connection strings <c>memorydb</c> and <c>redis</c>.</summary>
    public static IHostApplicationBuilder AddMemoryCore(this IHostApplicationBuilder builder)
    {
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.AddModels();
        builder.AddStorage();
        builder.AddLanes();
        builder.AddPrivacy();
        builder.AddShortTerm();
        builder.AddEpisodic();
        builder.AddHistory();
        builder.AddWebhooks();
        builder.AddLongTerm();
        builder.AddIngestion();
        builder.AddRetrieval();
        return builder;
    }
}
