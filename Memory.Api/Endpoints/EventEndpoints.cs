using Memory.Api.Auth;
using Memory.Api.Mem0;
using Memory.Api.Wire;
using Memory.Core;
using Memory.Core.Episodic;
using Memory.Core.Ingestion;
using Memory.Core.Privacy;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Memory.Api.Endpoints;

/// <summary>What became of what was said: one event in full, and one owner's as they change; and what failed, once more.</summary>
internal static class EventEndpoints
{
    private const string LastEventId = "Last-Event-ID";

    internal static void MapEvents(this IEndpointRouteBuilder app)
    {
        RouteGroupBuilder read = app.MapGroup("/v1/events").RequireAuthorization(AccessScope.Read);
        read.MapGet("/{id}/", GetAsync);
        app.MapPost("/v1/events/{id}/replay/", ReplayAsync).RequireAuthorization(AccessScope.Write);
        // How long somebody listens says nothing about how fast this answers.
        read.MapGet("/stream/", StreamAsync).DisableHttpMetrics();
    }

    private static async Task<Ok<NativeEvent>> GetAsync(string id, Caller caller, IngestionEventLog events, CancellationToken cancellationToken) =>
        TypedResults.Ok(NativeEvent.Of(await events.GetAsync(caller.Principal, new EventId(PathId.Parse(id, "Event")), cancellationToken)));

    private static async Task<Ok<ReplayAnswer>> ReplayAsync(string id, Caller caller, DeadLetters letters, CancellationToken cancellationToken)
    {
        var found = new EventId(PathId.Parse(id, "Event"));
        int messages = await letters.ReplayAsync(caller.Principal, found, cancellationToken);
        return TypedResults.Ok(new ReplayAnswer(found.Value, EventStatus.Pending, messages));
    }

    private static async Task StreamAsync(HttpContext http, Caller caller, EventFeed feed, EventStream stream, CancellationToken cancellationToken)
    {
        MemoryScope scope = QueryValues.Scope(http.Request)
            ?? throw new InvalidInputException("user_id", "Say whose events: give at least one of user_id, agent_id, app_id, run_id.");
        AccessPolicy.RequireOwner(caller.Principal, scope.Owner);
        EventCursor from = await StartAsync(http.Request, caller.Principal, feed, cancellationToken);
        await stream.WriteAsync(http, caller.Principal, scope, from);
    }

    private static async Task<EventCursor> StartAsync(HttpRequest http, Principal principal, EventFeed feed, CancellationToken cancellationToken)
    {
        string? last = http.Headers[LastEventId];
        if (string.IsNullOrEmpty(last))
            return await feed.NowAsync(principal, cancellationToken);
        EventCursor cursor = EventCursor.Parse(last)
            ?? throw new InvalidInputException(LastEventId, $"{LastEventId} is none that was sent by this stream: leave it out to begin now.");
        return await feed.AfterAsync(principal, cursor, cancellationToken);
    }

    /// <param name="Messages">How many will be tried again.</param>
    internal sealed record ReplayAnswer(Guid EventId, string Status, int Messages);
}
