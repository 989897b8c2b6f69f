using Memory.Core.Episodic;
using Memory.Core.Ingestion.Forgetting;
using Memory.Core.Lanes;
using Memory.Core.LongTerm;
using Memory.Core.LongTerm.Filters;
using Memory.Core.Privacy;
using Memory.Core.Storage;

namespace Memory.Core.Ingestion;

/// <summary>What was cleared.</summary>
/// <param name="Event">The first that erased a memory, else the first that took words away; null: there was nothing.</param>
/// <param name="Memories">How many went.</param>
public sealed record Cleared(EventId? Event, int Memories);

/// <summary>
/// Erases all memories of a scope, or of a project, whoever owns them, with their history and the words they came from, and what
/// was said there and is not distilled yet: in pieces, each of one owner under its lane. Told anew, it is learned anew. What
/// breaks off is done as far as it came, and asked for again goes on.
/// </summary>
public sealed class Clearing(MemoryDb db, MemoryStore store, LaneWrites writes)
{
    /// <summary>Memories of one piece: a lane is held no longer than they take.</summary>
    private const int Piece = 200;

    private const string Why = "all is cleared";

    private const string ReadLanes = $"""
        select m.owner_kind, m.owner_id
          from lanes m
         where m.project_id = $1 and {Reach.NotMadeAnew}
        """;

    // Who has said there what is not distilled yet, or is a dead letter: whatever comes of it would carry the ids. Most lanes have
    // neither, and are not looked into.
    private const string ReadCarriers = $"""
        select m.owner_kind, m.owner_id
          from lanes m
         where m.project_id = $1 and {Reach.NotMadeAnew} and m.waiting_since is not null
           and exists (select from episodes e
                        where e.project_id = m.project_id and e.owner_kind = m.owner_kind and e.owner_id = m.owner_id
                          and e.seq > m.applied_seq and {SaidThere})
         union
        select m.owner_kind, m.owner_id
          from dead_letters m
          join episodes e
            on e.project_id = m.project_id and e.owner_kind = m.owner_kind and e.owner_id = m.owner_id and e.seq = m.seq
         where m.project_id = $1 and {Reach.NotMadeAnew} and {SaidThere}
        """;

    private const string SaidThere = $"""
        e.content <> '{Tombstone.Text}'
        and ($2::text is null or e.agent_id = $2) and ($3::text is null or e.app_id = $3) and ($4::text is null or e.run_id = $4)
        """;

    /// <param name="scope">Null: all of the project.</param>
    /// <param name="key">With the same one it is done once; null: none.</param>
    /// <exception cref="ForbiddenException">The key is bound to another owner, or to one where all is meant.</exception>
    public async Task<Cleared> ClearAsync(Principal principal, MemoryScope? scope, IdempotencyKey? key, CancellationToken cancellationToken)
    {
        Reach reach = (scope is null ? Reach.Whole(principal) : Reach.Of(principal, [scope.Owner])) with { WithExpired = true, WithClosed = true };
        var wanted = new Wanted(principal, "DELETE", IngestionRequest.Plain, scope is null ? null : key, IdempotencyKey.HashOf(new { Write = "clear", scope }));
        if (await writes.DoneBeforeAsync(wanted, cancellationToken) is { } before)
            return new Cleared(before.Event, 0);

        // First what was said: a batch that has read it is called off, or has committed by then what is looked for next.
        var round = new Round(wanted, scope);
        foreach (Owner owner in await OwnersAsync(reach, scope, cancellationToken))
            await SilenceAsync(round, owner, cancellationToken);
        // Once more: what another clock numbered, or tending made meanwhile, may lie behind the last one. Not until none is
        // left: people go on talking.
        if (await EraseAllAsync(round, reach, cancellationToken) > 0)
            await EraseAllAsync(round, reach, cancellationToken);

        EventId? first = round.First ?? round.FirstSilenced;
        return new Cleared(wanted.Key is null ? first : await DoneAsync(wanted, new Lane(principal.Project, scope!.Owner), cancellationToken), round.Memories);
    }

    // Whose words may be meant though no memory of theirs is.
    private async Task<List<Owner>> OwnersAsync(Reach reach, MemoryScope? scope, CancellationToken cancellationToken)
    {
        if (scope is null)
            return await ReadAsync(ReadLanes, reach.Principal.Project);
        return reach.IncludesCarried
            ? [scope.Owner, .. await ReadAsync(ReadCarriers, reach.Principal.Project, scope.AgentId, scope.AppId, scope.RunId)]
            : [scope.Owner];

        Task<List<Owner>> ReadAsync(string statement, params object?[] arguments) => db.QueryAsync(
            reach.Principal.Project, new Sql<Owner>(statement, row => new Owner(Owner.ParseKind(row.GetString(0)), row.GetString(1)), arguments), cancellationToken);
    }

    /// <returns>How many memories were found.</returns>
    private async Task<int> EraseAllAsync(Round round, Reach reach, CancellationToken cancellationToken)
    {
        MemoryFilter filter = round.Scope is null ? new AllOf([]) : MemoryStore.Within(round.Scope);
        int before = round.Memories;
        (Owner, MemoryId)? last = null;
        while (await store.NextAsync(reach, filter, last, Piece, cancellationToken) is { Count: > 0 } piece)
        {
            foreach (IGrouping<Owner, (Owner Owner, MemoryId Id)> owned in piece.GroupBy(one => one.Owner))
            {
                await SilenceAsync(round, owned.Key, cancellationToken);
                Written written = await EraseAsync(round, owned.Key, [.. owned.Select(one => one.Id)], cancellationToken);
                round.First ??= written.Event;
                round.Memories += owned.Count();
            }

            last = piece[^1];
        }

        return round.Memories - before;
    }

    // Once an owner: what is said later was not meant.
    private async Task SilenceAsync(Round round, Owner owner, CancellationToken cancellationToken)
    {
        if (!round.Silenced.Add(owner))
            return;
        var lane = new Lane(round.Wanted.Principal.Project, owner);
        long until = (await db.QueryAsync(lane.Project, LaneStore.LastIssued(lane), cancellationToken)).SingleOrDefault();
        Fact wish = WishOf(lane, round.Scope, default);
        while ((await db.QueryAsync(lane.Project, ForgetTargets.StillSaid(lane, wish), cancellationToken)) is [var first, ..] && first <= until)
        {
            Written written = await EraseAsync(round, owner, [], cancellationToken);
            round.FirstSilenced ??= written.Event;
        }
    }

    /// <param name="ids">None: the next of what was said.</param>
    private Task<Written> EraseAsync(Round round, Owner owner, IReadOnlyList<MemoryId> ids, CancellationToken cancellationToken)
    {
        var lane = new Lane(round.Wanted.Principal.Project, owner);
        DirectPlan Plan(Fact wish) => new(lane, ids.Count == 0
            ? [new MemoryOperation.Forget(null, wish, Why)]
            : [.. ids.Select(id => new MemoryOperation.Forget(id, wish, Why))])
        {
            // A batch that is worked on just now has read what goes.
            StillFitsAsync = transaction => transaction.ExecuteAsync([LaneFence.CalledOff(lane)], cancellationToken),
        };
        return writes.WriteAsync(round.Wanted with { Key = null }, now => Task.FromResult(Plan(WishOf(lane, round.Scope, now))), cancellationToken);
    }

    // An id narrows only where it is not the owner itself.
    private static Fact WishOf(Lane lane, MemoryScope? scope, DateTimeOffset now) => AskedFact.Silent(now) with
    {
        Forget = new ForgetRequest("", IsEntity: false) { IsAll = true },
        AgentId = lane.Owner.Kind == OwnerKind.Agent ? null : scope?.AgentId,
        AppId = lane.Owner.Kind == OwnerKind.App ? null : scope?.AppId,
        RunId = lane.Owner.Kind == OwnerKind.Run ? null : scope?.RunId,
    };

    // Only now: what broke off before is to go on when it is asked for again.
    private async Task<EventId> DoneAsync(Wanted wanted, Lane lane, CancellationToken cancellationToken) => (await writes.WriteAsync(
        wanted, now => Task.FromResult(new DirectPlan(lane, [new MemoryOperation.None(null, AskedFact.Silent(now), Why)])), cancellationToken)).Event;

    private sealed class Round(Wanted wanted, MemoryScope? scope)
    {
        internal Wanted Wanted { get; } = wanted;

        internal MemoryScope? Scope { get; } = scope;

        internal HashSet<Owner> Silenced { get; } = [];

        internal EventId? FirstSilenced { get; set; }

        internal EventId? First { get; set; }

        internal int Memories { get; set; }
    }
}
