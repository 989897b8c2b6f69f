using System.Diagnostics;
using Memory.Core.Diagnostics;
using Memory.Core.Lanes;
using Memory.Core.LongTerm;
using Memory.Core.Privacy;
using Memory.Core.Retrieval.Use;
using Memory.Core.ShortTerm;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Memory.Core.Retrieval;

/// <summary>
/// The staged search at the start of a turn: short-term → semantic and keyword → entities → time → rank, fold and trim. Stages
/// start together where they can, each has a budget; one that fails or is late is named in the answer, and the rest answers.
/// Without Postgres nothing does: that is an error, never an empty answer. It calls no chat model.
/// </summary>
public sealed class RecallPipeline(
    WindowStage window, OwnerMemories owners, Lexer lexer, QuestionVector vector, SearchStage search,
    CandidateStage candidates, Ranker ranker, RecallUse use, IOptions<RetrievalOptions> options, TimeProvider time, ILogger<RecallPipeline> logger)
{
    private TimeSpan MayBudget => TimeSpan.FromMilliseconds(options.Value.StageMilliseconds);

    /// <summary>What matters for a question, with what contradicts it. What contradicted at another moment is not looked for.</summary>
    /// <exception cref="StorageUnavailableException">Postgres does not answer: an error, never an empty result.</exception>
    public async Task<Recall> RecallAsync(Principal principal, RecallRequest request, CancellationToken cancellationToken)
    {
        Recall found = await FindAsync(principal, request, cancellationToken);
        if (request.Moment is null)
            use.Note(new Lane(principal.Project, request.Scope.Owner), found.Items);
        return found;
    }

    /// <summary>The same for somebody who shows only some of it, and notes which.</summary>
    /// <exception cref="StorageUnavailableException">Postgres does not answer: an error, never an empty result.</exception>
    internal async Task<Recall> FindAsync(Principal principal, RecallRequest request, CancellationToken cancellationToken)
    {
        RecallCheck.Require(principal, request);
        long started = Stopwatch.GetTimestamp();
        using Activity? activity = MemoryTelemetry.Source.StartActivity(MemoryTelemetry.Operation.Search);
        activity?.SetTag(MemoryTelemetry.Attribute.OperationName, MemoryTelemetry.Operation.Search)
            .SetTag(MemoryTelemetry.Attribute.ConversationId, request.Conversation);

        var run = new StageRun(TimeSpan.FromMilliseconds(options.Value.SearchMilliseconds), time, logger);
        var lane = new Lane(principal.Project, request.Scope.Owner);
        int limit = candidates.LimitOf(request);

        Task<IReadOnlyList<Turn>> reading = run.MayAsync(
            RecallStage.ShortTerm, MayBudget, stop => window.ReadAsync(lane, request.Conversation, stop), turns => turns.Count, [], cancellationToken);
        // The question's words and its vector come beside each other.
        Task<IReadOnlyList<string>> splitting = run.MustAsync(
            RecallStage.Words, stop => lexer.WordsAsync(lane, request.Query, stop), words => words.Count, cancellationToken);
        ReadOnlyMemory<float>? meant = await run.MayAsync<ReadOnlyMemory<float>?>(
            RecallStage.Semantic, Timeout.InfiniteTimeSpan, async stop => await vector.OfAsync(request, stop), _ => 0, null, cancellationToken);
        // After the vector, which may take long: what is in memory is checked when it is used.
        Task<IOwnerMemories> choosing = run.MustAsync(
            RecallStage.Owner, stop => owners.OfAsync(lane, request, stop), chosen => chosen is Hot.HotMemories ? 1 : 0, cancellationToken);
        DateTimeOffset now = request.AskedAt ?? request.Moment?.AsOf ?? request.Moment?.KnownAt ?? time.GetUtcNow();
        var question = new Question(request, lane, await splitting, meant, ContentHash.Normalize(request.Query), TimeAsked.In(request.Query, now));
        IOwnerMemories memories = await choosing;
        Task<SearchFinds> searching = run.MustAsync(
            RecallStage.Keyword, stop => search.SearchAsync(memories, question.OfMemories("", limit), request, stop), found => found.Count, cancellationToken);
        IReadOnlyList<Turn> atHand = await reading;
        Task<IReadOnlyList<TiedMemory>> tying = run.MayAsync(
            RecallStage.Entities, MayBudget, stop => EntityStage.TiedAsync(memories, question, atHand, limit, stop), tied => tied.Count, [], cancellationToken);
        SearchFinds found = await searching;
        IReadOnlyList<TiedMemory> tied = await tying;
        Candidates read = await run.MustAsync(
            RecallStage.Rank, stop => candidates.ReadAsync(memories, question, found, tied, atHand, stop), all => all.Count, cancellationToken);
        run.Found(RecallStage.Semantic, found.Memories.Near.Count);
        IReadOnlyList<RecallItem> items = ConflictFlags.Flag(ranker.Rank(read, question), read.Memories.Contradictions, request.Covers);

        MemoryTelemetry.RecallDuration.Record(Stopwatch.GetElapsedTime(started).TotalSeconds);
        activity?.SetTag(MemoryTelemetry.Attribute.Candidates, items.Count);
        return new Recall(items, atHand, run.Degraded) { Stages = run.Traces };
    }
}
