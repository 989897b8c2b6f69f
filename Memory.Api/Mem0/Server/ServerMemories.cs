using Memory.Api.Auth;
using Memory.Api.Wire;
using Memory.Core;
using Memory.Core.History;
using Memory.Core.Ingestion;
using Memory.Core.LongTerm;
using Memory.Core.LongTerm.Filters;
using Memory.Core.Privacy;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Memory.Api.Mem0.Server;

/// <summary>GET, PUT and DELETE of /memories.</summary>
internal static class ServerMemories
{
    private const int DefaultTop = 20;
    private const int MostTop = 1_000;

    /// <summary>Memories of some ids; without one everybody's, which takes an admin's key.</summary>
    internal static async Task<Ok<ServerResults>> ListAsync(HttpRequest http, Caller caller, MemoryStore store, CancellationToken cancellationToken)
    {
        int top = QueryValues.Number(http, "top_k") ?? DefaultTop;
        if (top is < 0 or > MostTop)
            throw new InvalidInputException("top_k", $"top_k is {top}: use 0 to {MostTop}.");
        MemoryScope? scope = QueryValues.Scope(http);
        if (scope is null && !caller.Principal.Scopes.Contains(AccessScope.Admin))
            throw new ForbiddenException("Everybody's memories are listed for an admin's key alone: give user_id, agent_id or run_id.");
        FilterBody? filter = scope is null ? null : FilterBody.Read(scope, null);
        Reach reach = filter is null ? Reach.Whole(caller.Principal) : Reach.Of(caller.Principal, filter.Owners);
        IReadOnlyList<MemoryRecord> found = top == 0 ? [] : (await store.ListAsync(
            reach with { WithExpired = QueryValues.Flag(http, "show_expired") == true }, filter?.Condition ?? new AllOf([]), 1, top, cancellationToken)).Records;
        return TypedResults.Ok(new ServerResults([.. found.Select(record => ServerMemory.Of(record, asked: filter?.Named))]));
    }

    /// <summary>What is unknown is null, not an error.</summary>
    internal static async Task<Microsoft.AspNetCore.Http.IResult> GetAsync(string id, Caller caller, MemoryStore store, CancellationToken cancellationToken)
    {
        try
        {
            return TypedResults.Ok(ServerMemory.Of(await store.GetAsync(caller.Principal, new MemoryId(PathId.Parse(id, "Memory")), cancellationToken)));
        }
        catch (NotFoundException)
        {
            return TypedResults.Text("null", "application/json");
        }
    }

    internal static async Task<Ok<Said>> PutAsync(
        string id, Item.PutBody body, Caller caller, RequestKey key, DirectWriter writer, CancellationToken cancellationToken)
    {
        await writer.UpdateAsync(caller.Principal, new MemoryId(PathId.Parse(id, "Memory")), body.ToChange(), key.Key, cancellationToken);
        return TypedResults.Ok(new Said("Memory updated successfully!"));
    }

    internal static async Task<Ok<Said>> DeleteAsync(string id, Caller caller, RequestKey key, DirectWriter writer, CancellationToken cancellationToken)
    {
        await writer.DeleteAsync(caller.Principal, new MemoryId(PathId.Parse(id, "Memory")), key.Key, cancellationToken);
        return TypedResults.Ok(new Said("Memory deleted successfully"));
    }

    internal static async Task<Ok<Said>> DeleteAllAsync(HttpRequest http, Caller caller, RequestKey key, Clearing clearing, CancellationToken cancellationToken)
    {
        await clearing.ClearAsync(caller.Principal, DeleteAll.Require(http), key.Key, cancellationToken);
        return TypedResults.Ok(new Said("All relevant memories deleted"));
    }

    internal static async Task<Ok<Said>> ResetAsync(Caller caller, Clearing clearing, CancellationToken cancellationToken)
    {
        await clearing.ClearAsync(caller.Principal, scope: null, key: null, cancellationToken);
        return TypedResults.Ok(new Said("All memories reset"));
    }

    internal static async Task<Ok<List<ServerVersion>>> HistoryAsync(
        string id, Caller caller, MemoryStore store, Provenance provenance, CancellationToken cancellationToken)
    {
        List<HistoryBody> versions = await HistoryBody.ReadAsync(new MemoryId(PathId.Parse(id, "Memory")), caller, store, provenance, cancellationToken);
        return TypedResults.Ok(versions.ConvertAll(version => new ServerVersion(
            version.Id, version.MemoryId, version.OldMemory, version.NewMemory, version.Event, version.CreatedAt, version.UpdatedAt,
            version.Event == "DELETE", null, version.Input.Count == 0 ? null : version.Input[^1].Role)));
    }

    internal sealed record ServerResults(IReadOnlyList<ServerMemory> Results);

    internal sealed record Said(string Message);
}
