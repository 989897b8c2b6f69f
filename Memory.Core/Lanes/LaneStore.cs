using Memory.Core.Storage;
using Microsoft.Extensions.Options;

namespace Memory.Core.Lanes;

/// <summary>Numbers each owner's episodes, and lends the right to apply them to one worker at a time.</summary>
public sealed class LaneStore(MemoryDb db, IOptions<LaneOptions> options)
{
    // The number is issued under the lane's row: commit order is sequence order, and there are no gaps.
    private const string Issue = """
        insert into lanes as l (project_id, owner_kind, owner_id, next_seq, ready_at)
        values ($1, $2, $3, 1 + $4, now() + $5)
        on conflict (project_id, owner_kind, owner_id) do update
           set next_seq = l.next_seq + $4,
               ready_at = case when l.pending = 0 then excluded.ready_at else l.ready_at end
        returning next_seq - $4
        """;

    // Lanes are claimed, never messages: two batches of one owner planned against the same memories would undo each other.
    private const string ClaimNext = """
        update lanes l
           set epoch = epoch + 1, attempts = attempts + 1, lease_until = now() + $1
         where (l.project_id, l.owner_kind, l.owner_id) = (
               select c.project_id, c.owner_kind, c.owner_id
                 from lanes c
                where c.pending > 0
                  and c.ready_at <= now()
                  and (c.lease_until is null or c.lease_until < now())
                order by c.ready_at
                limit 1
                  for update skip locked)
        returning l.project_id, l.owner_kind, l.owner_id, l.epoch, l.applied_seq, l.version, l.attempts
        """;

    private const string ReadyAgain = """
        update lanes
           set lease_until = null, ready_at = now() + $5, attempts = attempts - $6
         where project_id = $1 and owner_kind = $2 and owner_id = $3 and epoch = $4
        """;

    private const string Renew = """
        update lanes
           set lease_until = now() + $5
         where project_id = $1 and owner_kind = $2 and owner_id = $3 and epoch = $4 and lease_until is not null
        returning true
        """;

    private const string Fence = """
        select true
          from lanes
         where project_id = $1 and owner_kind = $2 and owner_id = $3 and epoch = $4 and version = $5
           for update
        """;

    private const string Advance = """
        update lanes
           set applied_seq = $4, version = version + 1, attempts = 0, lease_until = null, ready_at = now()
         where project_id = $1 and owner_kind = $2 and owner_id = $3
        """;

    // A direct write takes the same row, so that it and a batch never interleave.
    private const string Lock = """
        insert into lanes as l (project_id, owner_kind, owner_id)
        values ($1, $2, $3)
        on conflict (project_id, owner_kind, owner_id) do update set version = l.version + 1
        """;

    private TimeSpan LeaseTime => TimeSpan.FromMilliseconds(options.Value.LeaseMilliseconds);

    /// <summary>Issues <paramref name="count"/> consecutive numbers, inside the transaction that writes the episodes.</summary>
    /// <returns>The first of them.</returns>
    public async Task<long> IssueAsync(MemoryTransaction transaction, Lane lane, int count, CancellationToken cancellationToken)
    {
        TimeSpan quiet = TimeSpan.FromMilliseconds(options.Value.QuietMilliseconds);
        List<long> first = await transaction.QueryAsync(
            new Sql<long>(Issue, row => row.GetInt64(0), lane.Project, lane.Owner.KindName, lane.Owner.Id, (long)count, quiet), cancellationToken);
        return first[0];
    }

    /// <summary>Claims the lane that has waited longest; null when none is ready. The attempt counts from here on.</summary>
    public async Task<LaneLease?> ClaimAsync(CancellationToken cancellationToken)
    {
        var claim = new Sql<LaneLease>(
            ClaimNext,
            row => new LaneLease(
                new Lane(new ProjectId(row.GetGuid(0)), new Owner(Owner.ParseKind(row.GetString(1)), row.GetString(2))),
                row.GetInt64(3), row.GetInt64(4), row.GetInt64(5), row.GetInt32(6)),
            LeaseTime);
        List<LaneLease> leases = await db.AcrossProjectsAsync(claim, cancellationToken);
        return leases.Count == 0 ? null : leases[0];
    }

    /// <summary>Holds the lane for another lease, since its batch is still being worked on.</summary>
    /// <returns>False: it is somebody else's by now.</returns>
    public async Task<bool> RenewAsync(LaneLease lease, CancellationToken cancellationToken) =>
        (await db.QueryAsync(lease.Lane.Project, Sql.Command(Renew, lease.Lane.Keys(lease.Epoch, LeaseTime)), cancellationToken)).Count == 1;

    /// <summary>Gives the lane back after a failure; the attempt stays counted.</summary>
    public Task RetryLaterAsync(LaneLease lease, TimeSpan delay, CancellationToken cancellationToken) =>
        db.QueryAsync(lease.Lane.Project, Sql.Command(ReadyAgain, lease.Lane.Keys(lease.Epoch, delay, 0)), cancellationToken);

    /// <summary>Gives the lane back because something it needs is away; the attempt is handed back.</summary>
    public Task DeferAsync(LaneLease lease, TimeSpan delay, CancellationToken cancellationToken) =>
        db.QueryAsync(lease.Lane.Project, Sql.Command(ReadyAgain, lease.Lane.Keys(lease.Epoch, delay, 1)), cancellationToken);

    /// <summary>The first statement of an apply: locks the lane, if the lease still holds it and nothing was written since.</summary>
    /// <exception cref="LeaseLostException">It does not, or a direct write came between: discard everything.</exception>
    public static async Task FenceAsync(MemoryTransaction transaction, LaneLease lease, CancellationToken cancellationToken)
    {
        List<bool> held = await transaction.QueryAsync(
            new Sql<bool>(Fence, row => row.GetBoolean(0), lease.Lane.Keys(lease.Epoch, lease.Version)), cancellationToken);
        if (held.Count == 0)
            throw new LeaseLostException(lease.Lane.Owner, lease.Epoch);
    }

    /// <summary>The last statement of an apply: everything up to <paramref name="seq"/> is applied, the lane is free.</summary>
    public static Sql<bool> AdvanceTo(LaneLease lease, long seq) => Sql.Command(Advance, lease.Lane.Keys(seq));

    /// <summary>The first statement of a direct write: waits for the lane, and makes its caches stale.</summary>
    public static Sql<bool> LockFor(Lane lane) => Sql.Command(Lock, lane.Project, lane.Owner.KindName, lane.Owner.Id);
}
