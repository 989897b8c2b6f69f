using Memory.Api.Auth;
using Memory.Api.Mem0;
using Memory.Api.Wire;
using Memory.Core;
using Memory.Core.History;
using Memory.Core.Ingestion;
using Memory.Core.Lanes;
using Memory.Core.LongTerm;
using Memory.Core.Privacy;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Memory.Api.Endpoints;

/// <summary>What contradicts each other in an owner's memory, until somebody settles which is right.</summary>
internal static class ConflictEndpoints
{
    private const int MostConflicts = 200;

    internal static void MapConflicts(this IEndpointRouteBuilder app)
    {
        app.MapGet("/v1/conflicts/", ListAsync).RequireAuthorization(AccessScope.Read);
        app.MapPost("/v1/conflicts/{id}/resolve/", ResolveAsync).RequireAuthorization(AccessScope.Write);
    }

    private static async Task<Ok<ConflictList>> ListAsync(
        HttpRequest http, Caller caller, ConflictLog conflicts, MemoryStore store, VersionLog versions, CancellationToken cancellationToken)
    {
        MemoryScope scope = QueryValues.Scope(http)
            ?? throw new InvalidInputException("user_id", "Say whose conflicts: give at least one of user_id, agent_id, app_id, run_id.");
        AccessPolicy.RequireOwner(caller.Principal, scope.Owner);
        var lane = new Lane(caller.Principal.Project, scope.Owner);
        List<MemoryConflict> open = await conflicts.OpenAsync(lane, MostConflicts, cancellationToken);
        MemoryId[] ids = [.. open.SelectMany(one => (MemoryId[])[one.A, one.B]).Distinct()];
        ILookup<MemoryId, MemoryVersion> known = (await versions.ReadAsync(lane, ids, cancellationToken)).ToLookup(version => version.Memory);
        Dictionary<MemoryId, ConflictSide> sides = (await store.EveryAsync(lane, ids, cancellationToken))
            .Where(side => side.IsIn(scope)).ToDictionary(side => side.Id, side => ConflictSide.Of(side, known[side.Id].Last()));
        return TypedResults.Ok(new ConflictList(
        [
            .. open.Where(one => sides.ContainsKey(one.A) && sides.ContainsKey(one.B))
                .Select(one => new ConflictBody(one.Id, one.OpenedAt, one.OpenedIn, sides[one.A], sides[one.B])),
        ]));
    }

    private static async Task<Ok<ResolveAnswer>> ResolveAsync(
        string id, ResolveBody body, Caller caller, RequestKey key, ConflictSettler settler, CancellationToken cancellationToken)
    {
        Guid conflict = PathId.Parse(id, "Conflict");
        EventId done = await settler.ResolveAsync(caller.Principal, conflict, body.Resolution ?? "", key.Key, cancellationToken);
        MemoryConflict settled = await settler.GetAsync(caller.Principal, conflict, cancellationToken);
        return TypedResults.Ok(new ResolveAnswer(conflict, settled.Resolution, settled.ResolvedAt, done.Value));
    }

    /// <param name="Resolution">keep_a, keep_b or both_true: both are true, at different times.</param>
    internal sealed record ResolveBody(string? Resolution);

    internal sealed record ConflictList(IReadOnlyList<ConflictBody> Results);

    internal sealed record ResolveAnswer(Guid Id, string? Resolution, DateTimeOffset? ResolvedAt, Guid EventId);

    /// <param name="EventId">The event that opened it.</param>
    /// <param name="A">The older memory.</param>
    internal sealed record ConflictBody(Guid Id, DateTimeOffset OpenedAt, Guid? EventId, ConflictSide A, ConflictSide B);

    /// <param name="Confidence">0..1, higher is surer.</param>
    /// <param name="Source">user, assistant, tool, document, import or api.</param>
    internal sealed record ConflictSide(
        Guid Id, string Memory, string Kind, string? Attribute, double Confidence, bool Trusted, string Source, DateTimeOffset SaidAt,
        DateTimeOffset? ValidFrom, DateTimeOffset KnownFrom)
    {
        internal static ConflictSide Of(MemoryRecord record, MemoryVersion current) => new(
            record.Id.Value, record.Content, record.Kind, record.Attribute, Math.Round(record.Confidence, 4), record.Trusted, current.Source,
            current.SaidAt, record.ValidFrom, current.KnownFrom);
    }
}
