using System.Text.Json;
using Memory.Api.Auth;
using Memory.Api.Mem0;
using Memory.Core;
using Memory.Core.Lanes;
using Memory.Core.Privacy;
using Memory.Core.Retrieval;
using Memory.Core.ShortTerm;

namespace Memory.Api.Endpoints;

/// <summary>The start of a turn: what matters now, as a list or as the block that goes last in a prompt.</summary>
internal static class RecallEndpoints
{
    private const int DefaultLimit = 20;

    internal static void MapRecall(this IEndpointRouteBuilder app)
    {
        RouteGroupBuilder group = app.MapGroup("/v1").RequireAuthorization(AccessScope.Read);
        group.MapPost("/recall/", RecallAsync);
        group.MapPost("/context/", ContextAsync);
        group.MapGet("/recall/{id:guid}/", TraceAsync);
    }

    private static async Task<IResult> RecallAsync(
        RecallBody body, Caller caller, RecallPipeline recall, RecallTraces traces, CancellationToken cancellationToken)
    {
        foreach (string part in body.Include ?? [])
        {
            if (part != ContextPart.Turns)
                throw new InvalidInputException("include", "include has a part that is not known; known is turns.");
        }

        RecallRequest request = body.ToRequest();
        Recall found = await recall.RecallAsync(caller.Principal, request, cancellationToken);
        IReadOnlyList<RecalledItem> items = [.. found.Items.Select(RecalledItem.Of)];
        if (body.Explain != true)
            return TypedResults.Ok(new RecallAnswer(items, found.Degraded, found.Abstained));
        return TypedResults.Ok(new RecallAnswer([.. items.Zip(Explanation.Of(found.Items), (item, why) => item with { Explain = why })], found.Degraded, found.Abstained)
        {
            RecallId = await traces.KeepAsync(new Lane(caller.Principal.Project, request.Scope.Owner), found, cancellationToken),
            Trace = found.Stages,
        });
    }

    private static async Task<IResult> TraceAsync(Guid id, Caller caller, RecallTraces traces, CancellationToken cancellationToken) =>
        TypedResults.Ok(await traces.GetAsync(caller.Principal, id, cancellationToken));

    private static async Task<IResult> ContextAsync(RecallBody body, Caller caller, ContextAssembler assembler, CancellationToken cancellationToken)
    {
        var request = new ContextRequest(body.ToRequest(), body.TokenBudget) { Parts = ContextPart.Of(body.Include) };
        Context context = await assembler.AssembleAsync(caller.Principal, request, cancellationToken);
        return TypedResults.Ok(new ContextAnswer(
            context.Block, context.Tokens, [.. context.Items.Select(RecalledItem.Of)],
            [.. context.Window.Select(WindowTurn.Of)], context.Degraded, context.Abstained));
    }

    /// <param name="Include">"turns": verbatim turns beside memories. Of a context, other parts too: see <see cref="ContextPart.Of"/>.</param>
    /// <param name="Focus">Names that the conversation is about just now.</param>
    /// <param name="ConversationId">The current conversation: its window comes along and is not recalled once more.</param>
    /// <param name="Explain">Of a recall: says of each item why it is there, and of each stage what it took and found.</param>
    /// <param name="AsOf">What was true then; with KnownAt, by what was known then. Neither: now.</param>
    /// <param name="Filters">What else has to hold of a memory, as in a search; whose it is, the scope says.</param>
    /// <param name="BudgetMs">How long the caller waits, in milliseconds: what would come later is left out and named as degraded.</param>
    internal sealed record RecallBody(
        ScopeBody? Scope, string? Query, int? Limit, double? Threshold, IReadOnlyList<string>? Include, string? ConversationId,
        string? Collection, int? TokenBudget, int? BudgetMs, JsonElement? AsOf, JsonElement? KnownAt, JsonElement? Filters, IReadOnlyList<string>? Focus, bool? Explain)
    {
        internal RecallRequest ToRequest() => new(
            ScopeBody.ToScope(Scope), Query ?? "", Limit ?? DefaultLimit, Threshold, Include?.Contains(ContextPart.Turns) == true,
            ConversationId, Collection, BudgetMs is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null)
        {
            Moment = MomentBody.Read(AsOf, KnownAt),
            Filter = FilterTree.Read(Filters),
            Focus = Focus ?? [],
        };
    }

    /// <param name="Abstained">Nothing is relevant: an answer, not a failure.</param>
    internal sealed record RecallAnswer(IReadOnlyList<RecalledItem> Results, IReadOnlyList<string> Degraded, bool Abstained)
    {
        /// <summary>Where it was explained: by which the explanation is read again; null: it cannot be.</summary>
        public Guid? RecallId { get; init; }

        public IReadOnlyList<StageTrace>? Trace { get; init; }
    }


    internal sealed record ContextAnswer(
        string Block, int Tokens, IReadOnlyList<RecalledItem> Memories, IReadOnlyList<WindowTurn> Window, IReadOnlyList<string> Degraded,
        bool Abstained);

    /// <param name="Kind">The memory's kind, or "turn" for a verbatim turn.</param>
    /// <param name="Confidence">0..1, higher is surer; null for a turn.</param>
    /// <param name="Stage">Of progress, how far it has come.</param>
    /// <param name="ConflictsWith">Memories near it that contradict it: which is right is to be asked. Null: none.</param>
    internal sealed record RecalledItem(
        Guid Id, string Memory, string Kind, double Score, DateTimeOffset At, bool Trusted, double? Confidence, string? Stage, string? Role, string? Name,
        JsonElement? Metadata, IReadOnlyList<Guid>? ConflictsWith, IReadOnlyDictionary<string, double> Stages)
    {
        /// <summary>Numbers of the turns it was distilled from; null for a turn.</summary>
        public IReadOnlyList<long>? SourceSeqs { get; init; }

        public Explanation? Explain { get; init; }

        internal static RecalledItem Of(RecallItem item)
        {
            string? metadata = item.Record?.Metadata ?? item.Turn?.Metadata;
            return new RecalledItem(
                item.Id, item.Content, item.Record?.Kind ?? "turn", Math.Round(item.Score, 4), item.Record?.UpdatedAt ?? item.Turn!.At,
                item.Record?.Trusted ?? true, Rounded(item.Record?.Confidence), item.Record?.Stage, item.Turn?.Role, item.Turn?.Name,
                metadata is null ? null : JsonElement.Parse(metadata), ConflictsOf(item), item.Stages)
            {
                SourceSeqs = item.Record?.SourceSeqs,
            };
        }
    }

    internal static IReadOnlyList<Guid>? ConflictsOf(RecallItem item) =>
        item.ConflictsWith.Count == 0 ? null : [.. item.ConflictsWith.Select(id => id.Value)];

    private static double? Rounded(double? share) => share is { } value ? Math.Round(value, 4) : null;

    internal sealed record WindowTurn(Guid Id, string Role, string? Name, string Content, DateTimeOffset At)
    {
        internal static WindowTurn Of(Turn turn) => new(turn.Id, turn.Role, turn.Name, turn.Content, turn.At);
    }
}
