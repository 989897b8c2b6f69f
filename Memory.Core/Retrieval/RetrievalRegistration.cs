using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Memory.Core.Retrieval;

public static class RetrievalRegistration
{
    public static IHostApplicationBuilder AddRetrieval(this IHostApplicationBuilder builder)
    {
        builder.AddValidatedOptions<RetrievalOptions, RetrievalOptionsValidator>(RetrievalOptions.Section);
        builder.Services.AddSingleton<WindowStage>();
        builder.Services.AddSingleton<SemanticStage>();
        builder.Services.AddSingleton<StaleTurns>();
        builder.Services.AddSingleton<PastKeywords>();
        builder.Services.AddSingleton<KeywordStage>();
        builder.Services.AddSingleton<EntityStage>();
        builder.Services.AddSingleton<Ranker>();
        builder.Services.AddSingleton<ConflictFlags>();
        builder.Services.AddSingleton<RecallPipeline>();
        builder.Services.AddSingleton<ContextAssembler>();
        return builder;
    }
}
