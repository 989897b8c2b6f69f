using Memory.Core.Ingestion.Distilling;
using Memory.Core.Ingestion.Exporting;
using Memory.Core.Ingestion.Extraction;
using Memory.Core.Ingestion.Forgetting;
using Memory.Core.Ingestion.Rebuilding;
using Memory.Core.Ingestion.Reconciliation;
using Memory.Core.Ingestion.Tending;
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
        builder.Services.AddSingleton<DistillingStore>();
        builder.Services.AddSingleton<Candidates>();
        builder.Services.AddSingleton<ForgetRules>();
        builder.Services.AddSingleton<ForgetPlanner>();
        builder.Services.AddSingleton<Forgetter>();
        builder.Services.AddSingleton<Embedder>();
        builder.Services.AddSingleton<Checkpoints>();
        builder.Services.AddSingleton<DeadLetters>();
        builder.Services.AddSingleton<BatchReader>();
        builder.Services.AddSingleton<FeedbackGuard>();
        builder.Services.AddSingleton<Distillation>();
        builder.Services.AddSingleton<IngestionPipeline>();
        builder.Services.AddSingleton<Setbacks>();
        builder.Services.AddSingleton<LaneRunner>();
        builder.Services.AddSingleton<LaneWrites>();
        builder.Services.AddSingleton<DirectWriter>();
        builder.Services.AddSingleton<ManyWrites>();
        builder.Services.AddSingleton<Clearing>();
        builder.Services.AddSingleton<Rebuild>();
        builder.Services.AddSingleton<TakingBack>();
        builder.Services.AddSingleton<ConflictSettler>();
        builder.Services.AddSingleton<Judging>();
        builder.AddExporting();
        builder.AddTending();
        return builder;
    }

    private static void AddExporting(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<ExportStore>();
        builder.Services.AddSingleton<IFormFiller>(services => IsBuiltin(services, ModelRole.Extract)
            ? new BuiltinFormFiller()
            : ActivatorUtilities.CreateInstance<ModelFormFiller>(services));
        builder.Services.AddSingleton<Exporter>();
    }

    private static void AddTending(this IHostApplicationBuilder builder)
    {
        builder.AddValidatedOptions<TendingOptions, TendingOptionsValidator>(TendingOptions.Section);
        builder.Services.AddSingleton<Conversations>();
        builder.Services.AddSingleton<ISummarizer>(services => IsBuiltin(services, ModelRole.Extract)
            ? ActivatorUtilities.CreateInstance<BuiltinSummarizer>(services)
            : ActivatorUtilities.CreateInstance<ModelSummarizer>(services));
        builder.Services.AddSingleton<ClosePairs>();
        builder.Services.AddSingleton<IConsolidator>(services => IsBuiltin(services, ModelRole.Reconcile)
            ? new BuiltinConsolidator()
            : ActivatorUtilities.CreateInstance<ModelConsolidator>(services));
        builder.Services.AddSingleton<Tender>();
    }

    private static bool IsBuiltin(IServiceProvider services, string role) =>
        services.GetRequiredService<IOptions<ModelOptions>>().Value.ProviderOf(role) == ModelProvider.Builtin;
}
