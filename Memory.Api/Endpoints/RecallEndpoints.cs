using System.Text.Json;
using Memory.Api.Auth;
using Memory.Core;
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
    }

    private static async Task<IResult> RecallAsync(RecallBody body, Caller caller, RecallPipeline recall, CancellationToken cancellationToken)
    {
        Recall found = await recall.RecallAsync(caller.Principal, body.ToRequest(), cancellationToken);
        return TypedResults.Ok(new RecallAnswer([.. found.Items.Select(RecalledItem.Of)], found.Degraded));
    }

    private static async Task<IResult> ContextAsync(RecallBody body, Caller caller, ContextAssembler assembler, CancellationToken cancellationToken)
    {
        Context context = await assembler.AssembleAsync(caller.Principal, body.ToRequest(), body.TokenBudget, cancellationToken);
        return TypedResults.Ok(new ContextAnswer(
            context.Block, context.Tokens, [.. context.Items.Select(RecalledItem.Of)],
            [.. context.Window.Select(WindowTurn.Of)], context.Degraded));
    }

    /// <param name="Include">"turns": verbatim turns beside memories.</param>
    /// <param name="ConversationId">The current conversation: its window comes along and is not recalled once more.</param>
    /// <param name="AsOf">What was true then; with KnownAt, by what was known then. Neither: now.</param>
    /// <param name="BudgetMs">How long the caller waits, in milliseconds: what would come later is left out and named as degraded.</param>
    internal sealed record RecallBody(
        ScopeBody? Scope, string? Query, int? Limit, double? Threshold, IReadOnlyList<string>? Include, string? ConversationId,
        string? Collection, int? TokenBudget, int? BudgetMs, JsonElement? AsOf, JsonElement? KnownAt)
    {
        internal RecallRequest ToRequest()
        {
            foreach (string part in Include ?? [])
            {
                if (part != "turns")
                    throw new InvalidInputException("include", $"include has '{part}': known is turns.");
            }

            return new RecallRequest(
                ScopeBody.ToScope(Scope), Query ?? "", Limit ?? DefaultLimit, Threshold ?? 0, Include?.Contains("turns") == true,
                ConversationId, Collection, BudgetMs is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null)
            {
                Moment = MomentBody.Read(AsOf, KnownAt),
            };
        }
    }

    internal sealed record RecallAnswer(IReadOnlyList<RecalledItem> Results, IReadOnlyList<string> Degraded);

    internal sealed record ContextAnswer(
        string Block, int Tokens, IReadOnlyList<RecalledItem> Memories, IReadOnlyList<WindowTurn> Window, IReadOnlyList<string> Degraded);

    /// <param name="Kind">The memory's kind, or "turn" for a verbatim turn.</param>
    /// <param name="Confidence">0..1, higher is surer; null for a turn.</param>
    /// <param name="Stage">Of progress, how far it has come.</param>
    /// <param name="ConflictsWith">Memories near it that contradict it: which is right is to be asked. Null: none.</param>
    internal sealed record RecalledItem(
        Guid Id, string Memory, string Kind, double Score, DateTimeOffset At, bool Trusted, double? Confidence, string? Stage, string? Role, string? Name,
        JsonElement? Metadata, IReadOnlyList<Guid>? ConflictsWith, IReadOnlyDictionary<string, double> Stages)
    {
        internal static RecalledItem Of(RecallItem item)
        {
            string? metadata = item.Record?.Metadata ?? item.Turn?.Metadata;
            return new RecalledItem(
                item.Id, item.Content, item.Record?.Kind ?? "turn", Math.Round(item.Score, 4), item.Record?.UpdatedAt ?? item.Turn!.At,
                item.Record?.Trusted ?? true, Rounded(item.Record?.Confidence), item.Record?.Stage, item.Turn?.Role, item.Turn?.Name,
                metadata is null ? null : JsonElement.Parse(metadata), ConflictsOf(item), item.Stages);
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
