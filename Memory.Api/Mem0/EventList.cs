using Memory.Api.Auth;
using Memory.Api.Wire;
using Memory.Core.Episodic;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Memory.Api.Mem0;

/// <summary>GET /v1/events/: what was accepted, in pages, newest first; of one scope, one status, one type, or all.</summary>
internal static class EventList
{
    internal static async Task<Ok<PageAnswer<EventBody>>> ListAsync(
        HttpRequest http, Caller caller, EventFeed feed, CancellationToken cancellationToken)
    {
        Page page = Page.Read(http);
        var query = new EventQuery(QueryValues.Scope(http), QueryValues.One(http, "status"), QueryValues.One(http, "event_type"));
        (IReadOnlyList<IngestionEvent> events, long total) = await feed.ListAsync(caller.Principal, query, page.Number, page.Size, cancellationToken);
        return TypedResults.Ok(page.Of(http, total, [.. events.Select(EventBody.Of)]));
    }
}
