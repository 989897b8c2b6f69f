using System.Globalization;
using Memory.Core.Lanes;
using Memory.Core.Privacy;
using Memory.Core.Storage;

namespace Memory.Core.Ingestion.Rebuilding;

/// <summary>
/// A lane beside an owner's own in which its memory is made anew; then it takes the place of the old one in one transaction,
/// or goes without a trace. No worker ever claims it.
/// </summary>
internal sealed class Shadow(MemoryDb db, Lane real, LaneLease lease)
{
    private const string Open = """
        insert into lanes (project_id, owner_kind, owner_id, ready_at)
        values ($1, $2, $3, 'infinity')
        """;

    private const string CopyRules = """
        insert into forget_rules (project_id, owner_kind, owner_id, id, kind, mark, forgotten_at)
        select project_id, owner_kind, $4, id, kind, mark, forgotten_at
          from forget_rules
         where project_id = $1 and owner_kind = $2 and owner_id = $3
        """;

    // Exactly the batch at hand waits: afterwards nothing does, and nobody looks.
    private const string Expect = """
        update lanes
           set next_seq = $4 + 1, applied_seq = $5, waiting_since = now(), ready_at = 'infinity', lease_until = 'infinity', tend_at = null,
               epoch = epoch + 1
         where project_id = $1 and owner_kind = $2 and owner_id = $3
        returning epoch, version
        """;

    private const string ReadState = """
        select applied_seq, version, (select coalesce(max(ordinal), 0) from journal where project_id = $1 and owner_kind = $2 and owner_id = $3)
          from lanes
         where project_id = $1 and owner_kind = $2 and owner_id = $3
        """;

    // Wherever it was left: what a batch of it has been applied looks like any other lane.
    private const string FindAll = $"""
        select project_id, owner_kind, owner_id
          from lanes
         where starts_with(owner_id, '{MemoryScope.OfRebuilds}')
        """;

    // How often a memory was recalled cannot be made anew. Those that have another id now were never recalled.
    private const string CarryUse = """
        insert into memory_use (project_id, owner_kind, owner_id, memory_id, recalls, last_at, noted_at)
        select m.project_id, m.owner_kind, m.owner_id, m.id, u.recalls, u.last_at, u.noted_at
          from memory_use u
          join memories m
            on m.project_id = $1 and m.owner_kind = $2 and m.owner_id = $4 and m.id = u.memory_id
         where u.project_id = $1 and u.owner_kind = $2 and u.owner_id = $3
        """;

    private static readonly string[] s_dropped = ["memories", "entities", "journal", "forget_rules", "conversations", "plans", "lanes"];

    internal Lane Lane => lease.Lane;

    internal static async Task<Shadow> OpenAsync(MemoryDb db, Lane real, CancellationToken cancellationToken)
    {
        var lane = new Lane(real.Project, new Owner(real.Owner.Kind, $"{MemoryScope.OfRebuilds}{Guid.CreateVersion7():N}"));
        await db.TransactionAsync(
            real.Project,
            transaction => transaction.ExecuteAsync([Sql.Command(Open, lane.Keys()), Sql.Command(CopyRules, real.Keys(lane.Owner.Id))], cancellationToken),
            cancellationToken);
        return new Shadow(db, real, new LaneLease(lane, Epoch: 0, AppliedSeq: 0, Version: 0, Attempts: 1));
    }

    /// <summary>Where the owner's own memory stands: a change means that what was made beside it is out of date.</summary>
    internal static async Task<LaneState> StateOfAsync(MemoryDb db, Lane lane, CancellationToken cancellationToken) =>
        (await db.QueryAsync(lane.Project, State(lane), cancellationToken))[0];

    /// <summary>The lease that a batch of these messages is applied under.</summary>
    internal async Task<LaneLease> ExpectAsync(long firstSeq, long lastSeq, CancellationToken cancellationToken)
    {
        List<(long Epoch, long Version)> expected = await db.QueryAsync(
            Lane.Project, new Sql<(long, long)>(Expect, row => (row.GetInt64(0), row.GetInt64(1)), Lane.Keys(lastSeq, firstSeq - 1)), cancellationToken);
        return lease with { Epoch = expected[0].Epoch, AppliedSeq = firstSeq - 1, Version = expected[0].Version };
    }

    /// <summary>What was made here becomes the owner's memory.</summary>
    /// <param name="state">Where the owner's own stood when this was made.</param>
    /// <param name="isDecidedAnew">Ids are others: summaries are made anew.</param>
    /// <exception cref="ConflictingWriteException">Something was written meanwhile; nothing was switched.</exception>
    internal Task SwitchAsync(LaneState state, bool isDecidedAnew, CancellationToken cancellationToken) => db.TransactionAsync(
        real.Project,
        async transaction =>
        {
            await transaction.ExecuteAsync([LaneStore.LockFor(real), new Sql<bool>("set constraints all deferred", _ => true)], cancellationToken);
            List<LaneState> now = await transaction.QueryAsync(State(real), cancellationToken);
            // Locking the lane was a write too.
            if (now[0] != state with { Version = state.Version + 1 })
                throw new ConflictingWriteException("Something was written to this owner's memory meanwhile: run it again.");
            // What was carried out once more is in the owner's journal already.
            string[] taken = isDecidedAnew ? ["memories", "entities", "journal"] : ["memories", "entities"];
            await transaction.ExecuteAsync(
                [
                    Sql.Command(CarryUse, real.Keys(Lane.Owner.Id)),
                    .. taken.Select(table => Delete(table, real)),
                    .. taken.Select(table => Sql.Command(
                        $"update {table} set owner_id = $4 where project_id = $1 and owner_kind = $2 and owner_id = $3", Lane.Keys(real.Owner.Id))),
                    .. isDecidedAnew ? [Sql.Command("update conversations set summarized_seq = 0, summary_id = null where project_id = $1 and owner_kind = $2 and owner_id = $3", real.Keys())] : (Sql<bool>[])[],
                    new AuditEntry(real, LongTerm.Authors.Worker, "rebuilt", null, null, new { through = state.AppliedSeq, anew = isDecidedAnew }).ToStatement(),
                ],
                cancellationToken);
        },
        cancellationToken);

    /// <summary>Nothing of it stays.</summary>
    internal Task DropAsync() => DropAsync(db, Lane, CancellationToken.None);

    /// <summary>Drops what was begun before a moment by whoever never came to its end.</summary>
    internal static async Task DropAbandonedAsync(MemoryDb db, DateTimeOffset before, CancellationToken cancellationToken)
    {
        List<Lane> lanes = await db.AcrossProjectsAsync(
            new Sql<Lane>(FindAll, row => new Lane(new ProjectId(row.GetGuid(0)), new Owner(Owner.ParseKind(row.GetString(1)), row.GetString(2)))), cancellationToken);
        foreach (Lane lane in lanes.Where(lane => BegunAt(lane) < before))
            await DropAsync(db, lane, cancellationToken);
    }

    // A UUID v7 begins with the milliseconds since 1970.
    private static DateTimeOffset? BegunAt(Lane lane) => Guid.TryParseExact(lane.Owner.Id[MemoryScope.OfRebuilds.Length..], "N", out Guid id)
        ? DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(id.ToString("N").AsSpan(0, 12), NumberStyles.HexNumber, CultureInfo.InvariantCulture))
        : null;

    private static Task DropAsync(MemoryDb db, Lane lane, CancellationToken cancellationToken) => db.TransactionAsync(
        lane.Project,
        transaction => transaction.ExecuteAsync([.. s_dropped.Select(table => Delete(table, lane))], cancellationToken),
        cancellationToken);

    private static Sql<LaneState> State(Lane lane) =>
        new(ReadState, row => new LaneState(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2)), lane.Keys());

    private static Sql<bool> Delete(string table, Lane lane) =>
        Sql.Command($"delete from {table} where project_id = $1 and owner_kind = $2 and owner_id = $3", lane.Keys());
}

/// <summary>Where an owner's memory stands.</summary>
/// <param name="Version">Every write adds one, forgetting too.</param>
/// <param name="Ordinal">Of the last entry of the journal.</param>
internal readonly record struct LaneState(long AppliedSeq, long Version, long Ordinal);
