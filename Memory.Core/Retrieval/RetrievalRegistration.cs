using Memory.Core.Retrieval.Hot;
using Memory.Core.Retrieval.Use;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Memory.Core.Retrieval;

public static class RetrievalRegistration
{
    public static IHostApplicationBuilder AddRetrieval(this IHostApplicationBuilder builder)
    {
        builder.AddValidatedOptions<RetrievalOptions, RetrievalOptionsValidator>(RetrievalOptions.Section);
        builder.AddValidatedOptions<RankingOptions, RankingOptionsValidator>(RankingOptions.Section);
        builder.AddValidatedOptions<HotOwnersOptions, HotOwnersOptionsValidator>(HotOwnersOptions.Section);
        builder.AddValidatedOptions<RecallUseOptions, RecallUseOptionsValidator>(RecallUseOptions.Section);
        builder.Services.AddSingleton<HotOwners>();
        builder.Services.AddHostedService<HotOwnersLoader>();
        builder.Services.AddSingleton<RecallUse>();
        builder.Services.AddHostedService<RecallUseWriter>();
        builder.Services.AddSingleton<WindowStage>();
        builder.Services.AddSingleton<StoredMemories>();
        builder.Services.AddSingleton<PastKeywords>();
        builder.Services.AddSingleton<OwnerMemories>();
        builder.Services.AddSingleton<Lexer>();
        builder.Services.AddSingleton<QuestionVector>();
        builder.Services.AddSingleton<TurnSearch>();
        builder.Services.AddSingleton<SearchStage>();
        builder.Services.AddSingleton<MemoryScores>();
        builder.Services.AddSingleton<TurnScores>();
        builder.Services.AddSingleton<CandidateStage>();
        builder.Services.AddSingleton<Ranker>();
        builder.Services.AddSingleton<ConflictFlags>();
        builder.Services.AddSingleton<RecallPipeline>();
        builder.Services.AddSingleton<JointRecall>();
        builder.Services.AddSingleton<RecallTraces>();
        builder.Services.AddSingleton<StandingMemories>();
        builder.Services.AddSingleton<ContextBoundary>();
        builder.Services.AddSingleton<ContextAssembler>();
        return builder;
    }
}
