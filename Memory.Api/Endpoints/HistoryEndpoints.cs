using Memory.Api.Auth;
using Memory.Api.Mem0;
using Memory.Api.Wire;
using Memory.Core;
using Memory.Core.Episodic;
using Memory.Core.History;
using Memory.Core.Ingestion;
using Memory.Core.Lanes;
using Memory.Core.LongTerm;
using Memory.Core.Privacy;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Memory.Api.Endpoints;

/// <summary>Where a memory comes from, and back: to what it said before, or to before an event.</summary>
internal static class HistoryEndpoints
{
    internal static void MapHistory(this IEndpointRouteBuilder app)
    {
        app.MapGet("/v1/memories/{id}/provenance/", ProvenanceAsync).RequireAuthorization(AccessScope.Read);
        app.MapPost("/v1/memories/{id}/rollback/", RollbackAsync).RequireAuthorization(AccessScope.Write);
        app.MapPost("/v1/events/{id}/undo/", UndoAsync).RequireAuthorization(AccessScope.Write);
    }

    private static async Task<Ok<ProvenanceBody>> ProvenanceAsync(
        string id, Caller caller, MemoryStore store, Provenance provenance, CancellationToken cancellationToken)
    {
        var memory = new MemoryId(PathId.Parse(id, "Memory"));
        Lane lane = await store.FindLaneAsync(caller.Principal, memory, cancellationToken);
        return TypedResults.Ok(ProvenanceBody.Of(memory, await provenance.ReadAsync(lane, memory, cancellationToken)));
    }

    private static async Task<Ok<MemoryBody>> RollbackAsync(
        string id, RollbackBody body, Caller caller, RequestKey key, TakingBack back, CancellationToken cancellationToken)
    {
        int version = body.Version is { } number and > 0 ? number
            : throw new InvalidInputException("version", "version is missing: give the number of the version to go back to, from 1.");
        return TypedResults.Ok(MemoryBody.Of(
            await back.RollbackAsync(caller.Principal, new MemoryId(PathId.Parse(id, "Memory")), version, key.Key, cancellationToken)));
    }

    private static async Task<Ok<UndoAnswer>> UndoAsync(
        string id, Caller caller, RequestKey key, TakingBack back, CancellationToken cancellationToken)
    {
        (EventId done, IReadOnlyList<OperationResult> results) =
            await back.UndoAsync(caller.Principal, new EventId(PathId.Parse(id, "Event")), key.Key, cancellationToken);
        return TypedResults.Ok(new UndoAnswer(done.Value, EventStatus.Succeeded, [.. results.Select(NativeResult.Of)]));
    }

    internal sealed record RollbackBody(int? Version);

    /// <param name="EventId">Of the undoing, which can itself be undone.</param>
    internal sealed record UndoAnswer(Guid EventId, string Status, IReadOnlyList<NativeResult> Results);
}
