using System.Diagnostics;
using Memory.Core.Diagnostics;
using Memory.Core.Lanes;
using Memory.Core.LongTerm;
using Memory.Core.Privacy;
using Memory.Core.ShortTerm;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Memory.Core.Retrieval;

/// <summary>
/// The staged search at the start of a turn: window, semantic, keyword and entities start together, then everything is
/// ranked. The semantic stage may fail with its model: it is then named in the answer, and the rest answers. It calls no chat model.
/// </summary>
public sealed class RecallPipeline(
    WindowStage window, SemanticStage semantic, KeywordStage keyword, EntityStage entities, Ranker ranker, ConflictFlags conflicts,
    IOptions<RetrievalOptions> options, ILogger<RecallPipeline> logger)
{
    /// <summary>Longest accepted question, in UTF-16 units.</summary>
    public const int MaxQueryLength = 8 * 1024;

    /// <summary>What matters for a question, with what contradicts it. What contradicted at another moment is not looked for.</summary>
    /// <exception cref="StorageUnavailableException">Postgres does not answer: an error, never an empty result.</exception>
    public async Task<Recall> RecallAsync(Principal principal, RecallRequest request, CancellationToken cancellationToken)
    {
        Recall found = await FindAsync(principal, request, cancellationToken);
        return found with { Items = await FlagAsync(principal, request, found.Items, cancellationToken) };
    }

    internal async Task<IReadOnlyList<RecallItem>> FlagAsync(
        Principal principal, RecallRequest request, IReadOnlyList<RecallItem> items, CancellationToken cancellationToken) =>
        request.Moment is null
            ? await conflicts.FlagAsync(new Lane(principal.Project, request.Scope.Owner), request.Scope, items, cancellationToken)
            : items;

    /// <summary>The same without what contradicts.</summary>
    internal async Task<Recall> FindAsync(Principal principal, RecallRequest request, CancellationToken cancellationToken)
    {
        Check(principal, request);
        long started = Stopwatch.GetTimestamp();
        using Activity? activity = MemoryTelemetry.Source.StartActivity(MemoryTelemetry.Operation.Search);
        activity?.SetTag(MemoryTelemetry.Attribute.OperationName, MemoryTelemetry.Operation.Search)
            .SetTag(MemoryTelemetry.Attribute.ConversationId, request.Conversation);

        var lane = new Lane(principal.Project, request.Scope.Owner);
        int limit = Math.Max(request.Limit, options.Value.Candidates);
        List<string> degraded = [];

        Task<IReadOnlyList<Turn>> turnsAtHand = window.ReadAsync(lane, request.Conversation, cancellationToken);
        Task<List<Neighbour>> near = semantic.SearchAsync(lane, request, limit, cancellationToken);
        Task<KeywordHits> worded = keyword.SearchAsync(lane, request, cancellationToken);
        // Who is tied to whom is known for now alone.
        Task<List<MemoryRecord>> named = request.Moment is null
            ? entities.SearchAsync(lane, request.Query, request.Collection, limit, cancellationToken)
            : Task.FromResult<List<MemoryRecord>>([]);

        IReadOnlyList<Turn> atHand = await turnsAtHand;
        KeywordHits sharing = await worded;
        var candidates = new Candidates(
            await OrDegradedAsync(near, RecallStage.Semantic, degraded), sharing.Memories, await named,
            [.. sharing.Turns.Where(hit => atHand.All(turn => turn.Seq != hit.Turn.Seq))]);
        IReadOnlyList<RecallItem> items = ranker.Rank(candidates, request);

        MemoryTelemetry.RecallDuration.Record(Stopwatch.GetElapsedTime(started).TotalSeconds);
        activity?.SetTag(MemoryTelemetry.Attribute.Candidates, items.Count);
        return new Recall(items, atHand, degraded);
    }

    private static void Check(Principal principal, RecallRequest request)
    {
        AccessPolicy.RequireOwner(principal, request.Scope.Owner);
        if (string.IsNullOrWhiteSpace(request.Query))
            throw new InvalidInputException("query", "query is blank: say what to look for.");
        RequireText("query", request.Query, MaxQueryLength);
        RequireText("conversation_id", request.Conversation ?? "", MemoryScope.MaxIdLength);
        RequireText("collection", request.Collection ?? "", MemoryScope.MaxIdLength);
        if (request.Moment is not null && request.Turns)
            throw new InvalidInputException("include", "as_of and known_at ask for memories: leave turns out of include.");
        if (request.Limit is < 1 or > 1_000)
            throw new InvalidInputException("top_k", $"top_k is {request.Limit}: use 1 to 1000.");
        if (request.Budget is { TotalMilliseconds: < 1 or > 60_000 } budget)
            throw new InvalidInputException("budget_ms", $"budget_ms is {budget.TotalMilliseconds}: use 1 to 60000.");
        if (request.Threshold is not (>= 0 and <= 1))
            throw new InvalidInputException("threshold", $"threshold is {request.Threshold}: use 0 to 1.");
    }

    private static void RequireText(string field, string text, int maxLength)
    {
        if (text.Length > maxLength)
            throw new InvalidInputException(field, $"{field} has {text.Length} characters; at most {maxLength} are allowed.");
        WellFormedText.Require(field, text);
    }

    // Words alone still answer when the embedding model is away; without Postgres nothing does.
    private async Task<List<Neighbour>> OrDegradedAsync(Task<List<Neighbour>> search, string stage, List<string> degraded)
    {
        try
        {
            return await search;
        }
        catch (Exception cause) when (cause is not (OperationCanceledException or StorageUnavailableException))
        {
            logger.StageFailed(cause, stage);
            MemoryTelemetry.DegradedRecalls.Add(1, new KeyValuePair<string, object?>(MemoryTelemetry.Attribute.Stage, stage));
            degraded.Add(stage);
            return [];
        }
    }
}
