using Memory.Core.Diagnostics;
using Memory.Core.Storage;
using Microsoft.Extensions.Options;

namespace Memory.Core.Lanes;

/// <summary>Numbers each owner's episodes, and lends the right to apply them to one worker at a time.</summary>
public sealed class LaneStore(MemoryDb db, IOptions<LaneOptions> options)
{
    // The number is issued under the lane's row: commit order is sequence order, and there are no gaps. The time is read there,
    // too: the clocks of several hosts would date what was said later as earlier.
    private const string Issue = """
        insert into lanes as l (project_id, owner_kind, owner_id, next_seq, ready_at, waiting_since, is_import)
        values ($1, $2, $3, 1 + $4, now() + $5, now(), $6)
        on conflict (project_id, owner_kind, owner_id) do update
           set next_seq = l.next_seq + $4,
               is_import = $6 and (l.is_import or l.pending = 0 and l.replays = 0),
               waiting_since = case when l.pending = 0 then now() else l.waiting_since end,
               ready_at = case when l.pending = 0 and l.replays = 0 then excluded.ready_at else l.ready_at end
        returning next_seq - $4, clock_timestamp(), extract(epoch from now() - waiting_since)::double precision
        """;

    // Lanes are claimed, never messages: two batches of one owner planned against the same memories would undo each other.
    // Who was applied last comes last, so that a busy owner does not keep the others waiting.
    private const string ClaimNext = $"""
        {Lend}
                order by c.ready_at
                limit 1
                  for update skip locked)
        {Lent}
        """;

    private const string ClaimLive = $"""
        {Lend}
                  and not c.is_import
                order by c.ready_at
                limit 1
                  for update skip locked)
        {Lent}
        """;

    private const string Lend = """
        update lanes l
           set epoch = epoch + 1, attempts = attempts + 1, lease_until = now() + $1
         where (l.project_id, l.owner_kind, l.owner_id) = (
               select c.project_id, c.owner_kind, c.owner_id
                 from lanes c
                where (c.waiting_since is not null or c.replays > 0)
                  and c.ready_at <= now()
                  and (c.lease_until is null or c.lease_until < now())
        """;

    private const string Lent = """
        returning l.project_id, l.owner_kind, l.owner_id, l.epoch, l.applied_seq, l.version, l.attempts, l.batch_limit, l.suspect_until, l.replays
        """;

    // Messages come first. Whoever dies of tending leaves it for an hour. What is made anew beside its owner's is nobody's to tidy.
    private const string ClaimIdle = $"""
        update lanes l
           set epoch = epoch + 1, lease_until = now() + $1, tend_at = now() + interval '1 hour'
         where (l.project_id, l.owner_kind, l.owner_id) = (
               select c.project_id, c.owner_kind, c.owner_id
                 from lanes c
                where c.tend_at <= now() and c.waiting_since is null and c.replays = 0
                  and not starts_with(c.owner_id, '{MemoryScope.OfRebuilds}')
                  and (c.lease_until is null or c.lease_until < now())
                order by c.tend_at
                limit 1
                  for update skip locked)
        {Lent}
        """;

    // A batch may have been applied although nobody learned of it: then there is no attempt to hand back.
    private const string ReadyAgain = """
        update lanes
           set lease_until = null, ready_at = now() + $5, attempts = greatest(attempts - $6, 0)
         where project_id = $1 and owner_kind = $2 and owner_id = $3 and epoch = $4
        """;

    private const string Renew = """
        update lanes
           set lease_until = now() + $5
         where project_id = $1 and owner_kind = $2 and owner_id = $3 and epoch = $4 and lease_until is not null
        returning true
        """;

    // A direct write takes the same row, so that it and a batch never interleave.
    private const string Lock = """
        insert into lanes as l (project_id, owner_kind, owner_id)
        values ($1, $2, $3)
        on conflict (project_id, owner_kind, owner_id) do update set version = l.version + 1
        """;

    private const string ReadLast = "select next_seq - 1 from lanes where project_id = $1 and owner_kind = $2 and owner_id = $3";

    /// <summary>Every so many claims the lane that has waited longest comes first, whatever fills it.</summary>
    internal const int ImportsTurn = 8;

    private static readonly TimeSpan s_backlogPause = TimeSpan.FromSeconds(30);

    private int _claims;

    /// <summary>How long a claim or a renewal holds.</summary>
    internal TimeSpan LeaseTime => TimeSpan.FromMilliseconds(options.Value.LeaseMilliseconds);

    /// <summary>Issues <paramref name="count"/> consecutive numbers, inside the transaction that writes the episodes.</summary>
    /// <param name="isImport">Whether what people say meanwhile, here or elsewhere, comes first.</param>
    /// <exception cref="BacklogException">The oldest message has waited too long to take more.</exception>
    public async Task<Issued> IssueAsync(MemoryTransaction transaction, Lane lane, int count, bool isImport, CancellationToken cancellationToken)
    {
        TimeSpan quiet = TimeSpan.FromMilliseconds(options.Value.QuietMilliseconds);
        List<(Issued Numbers, double AgeSeconds)> issued = await transaction.QueryAsync(
            new Sql<(Issued, double)>(
                Issue, row => (new Issued(row.GetInt64(0), row.GetFieldValue<DateTimeOffset>(1)), row.GetDouble(2)), lane.Keys((long)count, quiet, isImport)),
            cancellationToken);
        int most = options.Value.QueueAgeSeconds;
        return most > 0 && issued[0].AgeSeconds > most
            ? throw new BacklogException(TimeSpan.FromSeconds(issued[0].AgeSeconds), s_backlogPause)
            : issued[0].Numbers;
    }

    /// <summary>
    /// Claims the lane that has waited longest, of those where a person has spoken before those that only an import fills; null
    /// when none is ready. The attempt counts from here on.
    /// </summary>
    public async Task<LaneLease?> ClaimAsync(CancellationToken cancellationToken)
    {
        // An import goes on however much is said meanwhile.
        bool isAnybodys = Interlocked.Increment(ref _claims) % ImportsTurn == 0;
        LaneLease? lease = isAnybodys ? null : await ClaimAsync(ClaimLive, cancellationToken);
        lease ??= await ClaimAsync(ClaimNext, cancellationToken);
        if (lease is not null)
            FailPoint.Hit(FailPoint.Claimed);
        return lease;
    }

    /// <summary>Claims a lane without messages whose memory is due to be tidied; null when none is.</summary>
    public Task<LaneLease?> ClaimIdleAsync(CancellationToken cancellationToken) => ClaimAsync(ClaimIdle, cancellationToken);

    private async Task<LaneLease?> ClaimAsync(string statement, CancellationToken cancellationToken)
    {
        var claim = new Sql<LaneLease>(
            statement,
            row => new LaneLease(
                new Lane(new ProjectId(row.GetGuid(0)), new Owner(Owner.ParseKind(row.GetString(1)), row.GetString(2))),
                row.GetInt64(3), row.GetInt64(4), row.GetInt64(5), row.GetInt32(6),
                row.IsDBNull(7) ? null : new Suspects(row.GetInt32(7), row.GetInt64(8)), row.GetInt32(9)),
            LeaseTime);
        return (await db.AcrossProjectsAsync(claim, cancellationToken)).SingleOrDefault();
    }

    /// <summary>Holds the lane for another lease, since its batch is still being worked on.</summary>
    /// <returns>False: it is somebody else's by now.</returns>
    public async Task<bool> RenewAsync(LaneLease lease, CancellationToken cancellationToken)
    {
        FailPoint.Hit(FailPoint.Heartbeat);
        return (await db.QueryAsync(lease.Lane.Project, Sql.Command(Renew, lease.Lane.Keys(lease.Epoch, LeaseTime)), cancellationToken)).Count == 1;
    }

    /// <summary>Gives the lane back after a failure; the attempt stays counted.</summary>
    public Task RetryLaterAsync(LaneLease lease, TimeSpan delay, CancellationToken cancellationToken) =>
        db.QueryAsync(lease.Lane.Project, Sql.Command(ReadyAgain, lease.Lane.Keys(lease.Epoch, delay, 0)), cancellationToken);

    /// <summary>Gives the lane back because something it needs is away; the attempt is handed back.</summary>
    public Task DeferAsync(LaneLease lease, TimeSpan delay, CancellationToken cancellationToken) =>
        db.QueryAsync(lease.Lane.Project, Sql.Command(ReadyAgain, lease.Lane.Keys(lease.Epoch, delay, 1)), cancellationToken);

    /// <summary>The last number that was issued; no row: none ever was.</summary>
    public static Sql<long> LastIssued(Lane lane) => new(ReadLast, row => row.GetInt64(0), lane.Keys());

    /// <summary>The first statement of a direct write: waits for the lane, and makes its caches stale.</summary>
    public static Sql<bool> LockFor(Lane lane) => Sql.Command(Lock, lane.Keys());
}
