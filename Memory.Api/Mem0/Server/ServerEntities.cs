using Memory.Api.Auth;
using Memory.Api.Wire;
using Memory.Core.Ingestion;
using Memory.Core.LongTerm;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Memory.Api.Mem0.Server;

/// <summary>GET /entities and DELETE /entities/{type}/{id}.</summary>
internal static class ServerEntities
{
    private const int Most = 10_000;

    /// <summary>What stands before the name in the path.</summary>
    private const int SegmentsBefore = 2;

    internal static async Task<Ok<List<ServerEntity>>> ListAsync(Caller caller, Parties parties, CancellationToken cancellationToken)
    {
        (IReadOnlyList<Party> found, _) = await parties.ListAsync(caller.Principal, 1, Most, cancellationToken);
        return TypedResults.Ok(found.Select(party => new ServerEntity(party.Id.Id, party.Id.KindName, party.Memories, party.FirstAt, party.LastAt)).ToList());
    }

    internal static async Task<Ok<ServerMemories.Said>> DeleteAsync(
        string type, HttpRequest http, Caller caller, RequestKey key, Clearing clearing, CancellationToken cancellationToken)
    {
        await clearing.ClearAsync(caller.Principal, Entities.ScopeOf(type, PathText.After(http, SegmentsBefore)), key.Key, cancellationToken);
        return TypedResults.Ok(new ServerMemories.Said("Entity deleted"));
    }

    internal sealed record ServerEntity(string Id, string Type, long TotalMemories, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);
}
