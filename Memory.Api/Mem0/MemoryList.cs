using Memory.Api.Auth;
using Memory.Api.Endpoints;
using Memory.Core;
using Memory.Core.LongTerm;

namespace Memory.Api.Mem0;

/// <summary>
/// GET /v1/memories/, POST /v2/memories/ and /v3/memories/: memories, newest first, in an order that holds from page to page; of
/// now, or of another moment. The older two are bare lists, unless both page and page_size are given.
/// </summary>
internal static class MemoryList
{
    internal static Task<IResult> V1Async(
        HttpRequest http, Caller caller, [AsParameters] Lists lists, CancellationToken cancellationToken) =>
        BareAsync(ListBody.Read(http), http, caller, lists, cancellationToken);

    internal static Task<IResult> V2Async(
        ListBody body, HttpRequest http, Caller caller, [AsParameters] Lists lists, CancellationToken cancellationToken) =>
        BareAsync(body, http, caller, lists, cancellationToken);

    internal static async Task<IResult> V3Async(
        ListBody body, HttpRequest http, Caller caller, [AsParameters] Lists lists, CancellationToken cancellationToken)
    {
        body.RequireNoIds();
        Page page = Page.Read(http, body.Page, body.PageSize);
        (IReadOnlyList<object> memories, long total) = await FindAsync(body, page, caller, lists, cancellationToken);
        return TypedResults.Ok(page.Of(http, total, memories));
    }

    private static async Task<IResult> BareAsync(
        ListBody body, HttpRequest http, Caller caller, Lists lists, CancellationToken cancellationToken)
    {
        (Page page, bool isPaged) = Page.ReadLoose(http, body.Page, body.PageSize, body.TopK ?? body.Limit);
        (IReadOnlyList<object> memories, long total) = await FindAsync(body, page, caller, lists, cancellationToken);
        return isPaged ? TypedResults.Ok(page.Of(http, total, memories)) : TypedResults.Ok(memories);
    }

    /// <summary>The one way from a list to the memories.</summary>
    private static async Task<(IReadOnlyList<object> Memories, long Total)> FindAsync(
        ListBody body, Page page, Caller caller, Lists lists, CancellationToken cancellationToken)
    {
        FilterBody filter = body.Filter;
        Reach reach = Reach.Of(caller.Principal, filter.Owners) with { WithExpired = body.ShowExpired == true };
        (IReadOnlyList<MemoryRecord> records, long total) = MomentBody.Read(body.AsOf, body.KnownAt) is { } moment
            ? await lists.Past.ListAsync(
                caller.Principal, await lists.Parties.OwnersAsync(reach, filter.Condition, cancellationToken), filter.Condition,
                reach.WithExpired ? moment with { ExpiryDay = DateOnly.MinValue } : moment, page.Number, page.Size, cancellationToken)
            : await lists.Store.ListAsync(reach, filter.Condition, page.Number, page.Size, cancellationToken);
        NamedIds named = filter.Named;
        return (Projection.Of([.. records.Select(record => MemoryBody.Of(record, asked: named))], Projection.Read(body.Fields)), total);
    }

    /// <summary>What lists memories: those of now, those of another moment, and who is meant.</summary>
    internal sealed record Lists(MemoryStore Store, PastMemories Past, Parties Parties);
}
