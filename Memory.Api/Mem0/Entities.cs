using System.Text.Json;
using Memory.Api.Auth;
using Memory.Api.Wire;
using Memory.Core;
using Memory.Core.Ingestion;
using Memory.Core.LongTerm;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Memory.Api.Mem0;

/// <summary>
/// GET /v1/entities/ and DELETE /v2/entities/{type}/{name}/: the users, agents, apps and runs that memories are of. One is there
/// as long as it has a memory, and is deleted with all of them, whoever owns them.
/// </summary>
internal static class Entities
{
    private static readonly string[] s_types = ["user", "agent", "app", "run"];

    /// <summary>What stands before the name in the path.</summary>
    private const int SegmentsBefore = 3;

    internal static async Task<Ok<PageAnswer<EntityBody>>> ListAsync(HttpRequest http, Caller caller, Parties parties, CancellationToken cancellationToken)
    {
        Page page = Page.Read(http);
        (IReadOnlyList<Party> found, long total) = await parties.ListAsync(caller.Principal, page.Number, page.Size, cancellationToken);
        return TypedResults.Ok(page.Of(http, total, [.. found.Select(party => EntityBody.Of(party, caller))]));
    }

    internal static async Task<Ok<DeleteAll.ClearedAnswer>> DeleteAsync(
        string type, HttpRequest http, Caller caller, RequestKey key, Clearing clearing, CancellationToken cancellationToken)
    {
        MemoryScope scope = ScopeOf(type, PathText.After(http, SegmentsBefore));
        Cleared cleared = await clearing.ClearAsync(caller.Principal, scope, key.Key, cancellationToken);
        return TypedResults.Ok(new DeleteAll.ClearedAnswer("Entity deleted successfully!", cleared.Event?.Value));
    }

    /// <exception cref="InvalidInputException">There is no such type, or no such name can be.</exception>
    internal static MemoryScope ScopeOf(string type, string name) => s_types.Contains(type)
        ? MemoryScope.Of(new Owner(Owner.ParseKind(type), name))
        : throw new InvalidInputException("entity_type", $"There are entities of the types {string.Join(", ", s_types)} only.");

    /// <param name="Id">The name with its type before it: a user and an agent may go by one name.</param>
    /// <param name="Owner">The project.</param>
    internal sealed record EntityBody(
        string Id, string Name, string Type, long TotalMemories, string Owner, JsonElement Metadata, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
    {
        private static readonly JsonElement s_none = JsonElement.Parse("{}");

        internal static EntityBody Of(Party party, Caller caller) => new(
            $"{party.Id.KindName}:{party.Id.Id}", party.Id.Id, party.Id.KindName, party.Memories, caller.Principal.Project.ToString(), s_none, party.FirstAt, party.LastAt);
    }
}
