using Memory.Core.Ingestion.Reconciliation;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Memory.Core.Ingestion;

public static class IngestionRegistration
{
    public static IHostApplicationBuilder AddIngestion(this IHostApplicationBuilder builder)
    {
        builder.AddValidatedOptions<IngestionOptions, IngestionOptionsValidator>(IngestionOptions.Section);
        builder.Services.AddSingleton<BuiltinReconciler>();
        builder.Services.AddSingleton<Embedder>();
        builder.Services.AddSingleton<IngestionPipeline>();
        builder.Services.AddSingleton<DirectWriter>();
        return builder;
    }
}
