using Memory.Core.Episodic;
using Memory.Core.Ingestion.Forgetting;
using Memory.Core.Lanes;
using Memory.Core.LongTerm;
using Memory.Core.LongTerm.Filters;
using Memory.Core.Privacy;
using Memory.Core.Storage;

namespace Memory.Core.Ingestion;

/// <summary>What was cleared.</summary>
/// <param name="Event">The first of its events; null: there was nothing.</param>
/// <param name="Memories">How many went.</param>
public sealed record Cleared(EventId? Event, int Memories);

/// <summary>
/// Erases all memories of a scope, or of a project, whoever owns them, with their history and the words they came from, and what
/// was said there and is not distilled yet: in pieces, each of one owner under its lane. Told anew, it is learned anew. What
/// breaks off is done as far as it came, and asked for again goes on.
/// </summary>
public sealed class Clearing(MemoryDb db, MemoryStore store, LaneWrites writes, TimeProvider time)
{
    /// <summary>Memories of one piece: a lane is held no longer than they take.</summary>
    private const int Piece = 200;

    private const string Why = "all is cleared";

    private const string ReadLanes = $"""
        select m.owner_kind, m.owner_id
          from lanes m
         where m.project_id = $1 and {Reach.NotMadeAnew}
        """;

    /// <param name="scope">Null: all of the project.</param>
    /// <param name="key">With the same one it is done once; null: none.</param>
    /// <exception cref="ForbiddenException">The key is bound to another owner, or to one where all is meant.</exception>
    public async Task<Cleared> ClearAsync(Principal principal, MemoryScope? scope, IdempotencyKey? key, CancellationToken cancellationToken)
    {
        Reach reach = (scope is null ? Reach.Whole(principal) : Reach.Of(principal, [scope.Owner])) with { WithExpired = true, WithClosed = true };
        MemoryFilter filter = scope is null ? new AllOf([]) : MemoryStore.Within(scope);
        var wanted = new Wanted(principal, "DELETE", IngestionRequest.Plain, scope is null ? null : key, IdempotencyKey.HashOf(new { Write = "clear", scope }));
        if (await writes.DoneBeforeAsync(wanted, cancellationToken) is { } before)
            return new Cleared(before.Event, 0);

        EventId? first = null;
        int memories = 0;
        (Owner, MemoryId)? last = null;
        HashSet<Owner> owners = await OwnersAsync(principal, scope, cancellationToken);
        while (await store.NextAsync(reach, filter, last, Piece, cancellationToken) is { Count: > 0 } piece)
        {
            foreach (IGrouping<Owner, (Owner Owner, MemoryId Id)> owned in piece.GroupBy(one => one.Owner))
            {
                owners.Add(owned.Key);
                Written written = await EraseAsync(wanted, new Lane(principal.Project, owned.Key), scope, [.. owned.Select(one => one.Id)], cancellationToken);
                first ??= written.Event;
                memories += owned.Count();
            }

            last = piece[^1];
        }

        foreach (Owner owner in owners)
        {
            EventId? silenced = await SilenceAsync(wanted, new Lane(principal.Project, owner), scope, cancellationToken);
            first ??= silenced;
        }

        return new Cleared(wanted.Key is null ? first : await DoneAsync(wanted, new Lane(principal.Project, scope!.Owner), cancellationToken), memories);
    }

    // Whose words may be meant though no memory of theirs is.
    private async Task<HashSet<Owner>> OwnersAsync(Principal principal, MemoryScope? scope, CancellationToken cancellationToken) => scope is not null
        ? [scope.Owner]
        : [.. await db.QueryAsync(principal.Project, new Sql<Owner>(ReadLanes, row => new Owner(Owner.ParseKind(row.GetString(0)), row.GetString(1)), principal.Project), cancellationToken)];

    /// <returns>The first event; null: nothing was said there that is left.</returns>
    private async Task<EventId?> SilenceAsync(Wanted wanted, Lane lane, MemoryScope? scope, CancellationToken cancellationToken)
    {
        EventId? first = null;
        while ((await db.QueryAsync(lane.Project, ForgetTargets.StillSaid(lane, WishOf(lane, scope)), cancellationToken)).Count > 0)
        {
            Written written = await EraseAsync(wanted, lane, scope, [], cancellationToken);
            first ??= written.Event;
        }

        return first;
    }

    /// <param name="ids">None: the next of what was said.</param>
    private Task<Written> EraseAsync(Wanted wanted, Lane lane, MemoryScope? scope, IReadOnlyList<MemoryId> ids, CancellationToken cancellationToken)
    {
        Fact wish = WishOf(lane, scope);
        IReadOnlyList<MemoryOperation> operations = ids.Count == 0
            ? [new MemoryOperation.Forget(null, wish, Why)]
            : [.. ids.Select(id => new MemoryOperation.Forget(id, wish, Why))];
        var plan = new DirectPlan(lane, operations)
        {
            // A batch that is worked on just now has read what goes.
            StillFitsAsync = transaction => transaction.ExecuteAsync([LaneFence.CalledOff(lane)], cancellationToken),
        };
        return writes.WriteAsync(wanted with { Key = null }, () => Task.FromResult(plan), cancellationToken);
    }

    // An id narrows only where it is not the owner itself.
    private Fact WishOf(Lane lane, MemoryScope? scope) => AskedFact.Silent(time.GetUtcNow()) with
    {
        Forget = new ForgetRequest("", IsEntity: false) { IsAll = true },
        AgentId = lane.Owner.Kind == OwnerKind.Agent ? null : scope?.AgentId,
        AppId = lane.Owner.Kind == OwnerKind.App ? null : scope?.AppId,
        RunId = lane.Owner.Kind == OwnerKind.Run ? null : scope?.RunId,
    };

    // Only now: what broke off before is to go on when it is asked for again.
    private async Task<EventId> DoneAsync(Wanted wanted, Lane lane, CancellationToken cancellationToken)
    {
        var nothingLeft = new MemoryOperation.None(null, AskedFact.Silent(time.GetUtcNow()), Why);
        return (await writes.WriteAsync(wanted, () => Task.FromResult(new DirectPlan(lane, [nothingLeft])), cancellationToken)).Event;
    }
}
