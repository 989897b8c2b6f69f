using Memory.Api.Auth;
using Memory.Api.Wire;
using Memory.Core;
using Memory.Core.Ingestion;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Memory.Api.Mem0;

/// <summary>DELETE /v1/memories/: all memories of the ids that are given, which narrow each other. Without an id nothing is deleted.</summary>
internal static class DeleteAll
{
    internal static async Task<Ok<ClearedAnswer>> RunAsync(
        HttpRequest http, Caller caller, RequestKey key, Clearing clearing, CancellationToken cancellationToken)
    {
        Cleared cleared = await clearing.ClearAsync(caller.Principal, Require(http), key.Key, cancellationToken);
        return TypedResults.Ok(new ClearedAnswer("Memories deleted successfully!", cleared.Event?.Value));
    }

    /// <exception cref="InvalidInputException">No id is given: all would be meant.</exception>
    internal static MemoryScope Require(HttpRequest http) => QueryValues.Scope(http)
        ?? throw new InvalidInputException("user_id", "Say whose memories are to go: give at least one of user_id, agent_id, app_id, run_id. Nothing was deleted.");

    /// <param name="EventId">Null: there was nothing to delete.</param>
    internal sealed record ClearedAnswer(string Message, Guid? EventId);
}
