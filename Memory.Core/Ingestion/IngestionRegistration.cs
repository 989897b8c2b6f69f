using Memory.Core.Ingestion.Extraction;
using Memory.Core.Ingestion.Reconciliation;
using Memory.Models;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Memory.Core.Ingestion;

public static class IngestionRegistration
{
    public static IHostApplicationBuilder AddIngestion(this IHostApplicationBuilder builder)
    {
        builder.AddValidatedOptions<IngestionOptions, IngestionOptionsValidator>(IngestionOptions.Section);
        builder.Services.AddSingleton<IExtractor>(services => IsBuiltin(services, ModelRole.Extract)
            ? new BuiltinExtractor()
            : ActivatorUtilities.CreateInstance<ModelExtractor>(services));
        builder.Services.AddSingleton<IReconciler>(services => IsBuiltin(services, ModelRole.Reconcile)
            ? ActivatorUtilities.CreateInstance<BuiltinReconciler>(services)
            : ActivatorUtilities.CreateInstance<ModelReconciler>(services));
        builder.Services.AddSingleton<Embedder>();
        builder.Services.AddSingleton<Checkpoints>();
        builder.Services.AddSingleton<DeadLetters>();
        builder.Services.AddSingleton<BatchReader>();
        builder.Services.AddSingleton<FeedbackGuard>();
        builder.Services.AddSingleton<IngestionPipeline>();
        builder.Services.AddSingleton<Setbacks>();
        builder.Services.AddSingleton<LaneRunner>();
        builder.Services.AddSingleton<DirectWriter>();
        return builder;
    }

    private static bool IsBuiltin(IServiceProvider services, string role) =>
        services.GetRequiredService<IOptions<ModelOptions>>().Value.ProviderOf(role) == ModelProvider.Builtin;
}
