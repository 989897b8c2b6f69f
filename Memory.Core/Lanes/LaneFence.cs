using Memory.Core.Storage;

namespace Memory.Core.Lanes;

/// <summary>
/// What a transaction on a claimed lane begins and ends with: it begins with the fence, so that whoever lost the lane
/// writes nothing, and ends by moving the lane on.
/// </summary>
public static class LaneFence
{
    // Whatever ends a batch ends its lease: a replay moves no number by which it would be seen that it was applied already.
    private const string Hold = """
        select version
          from lanes
         where project_id = $1 and owner_kind = $2 and owner_id = $3 and epoch = $4 and applied_seq = $5 and lease_until is not null
           for update
        """;

    // The limit of a narrowed batch doubles with every one that passes, until all the suspects are through.
    private const string Advance = """
        update lanes
           set applied_seq = $4, version = version + 1, attempts = 0, lease_until = null, ready_at = now(),
               waiting_since = case when next_seq - 1 > $4 then coalesce($5, now()) end,
               batch_limit = case when suspect_until > $4 then batch_limit * 2 end,
               suspect_until = case when suspect_until > $4 then suspect_until end
         where project_id = $1 and owner_kind = $2 and owner_id = $3
        """;

    private const string Narrow = """
        update lanes
           set batch_limit = $4, suspect_until = greatest(suspect_until, $5), attempts = 0, lease_until = null, ready_at = now()
         where project_id = $1 and owner_kind = $2 and owner_id = $3
        """;

    private const string AskReplays = """
        update lanes
           set replays = replays + $4, attempts = 0, ready_at = now()
         where project_id = $1 and owner_kind = $2 and owner_id = $3
        """;

    private const string EndReplay = """
        update lanes
           set replays = replays - 1, version = version + 1, attempts = 0, lease_until = null, ready_at = now()
         where project_id = $1 and owner_kind = $2 and owner_id = $3
        """;

    private const string TendLater = """
        update lanes
           set tend_at = least(tend_at, now() + $4)
         where project_id = $1 and owner_kind = $2 and owner_id = $3
        """;

    private const string Write = """
        update lanes
           set version = version + 1
         where project_id = $1 and owner_kind = $2 and owner_id = $3
        """;

    // The claim has put it an hour ahead, for whoever dies of tending. Where it is past it was asked for meanwhile, and stays
    // due; by the clock, since who asked may have begun after this did and still come first.
    private const string EndTending = """
        update lanes
           set lease_until = null, tend_at = case when tend_at <= clock_timestamp() then tend_at else now() + $5 end
         where project_id = $1 and owner_kind = $2 and owner_id = $3 and epoch = $4
        """;

    // Whoever has the lane can hand its attempt back no more. Of one whose lease ran out it stays counted: it may have died.
    private const string CallOff = """
        update lanes
           set epoch = epoch + 1, lease_until = null,
               attempts = case when lease_until > clock_timestamp() then greatest(attempts - 1, 0) else attempts end
         where project_id = $1 and owner_kind = $2 and owner_id = $3
        """;

    private const string ReadWaiting = """
        select waiting_since is not null or replays > 0
          from lanes
         where project_id = $1 and owner_kind = $2 and owner_id = $3
        """;

    /// <summary>The first statement: locks the lane, if the lease still holds it.</summary>
    /// <returns>The owner's version; another than the lease's: a direct write came between.</returns>
    /// <exception cref="LeaseLostException">It does not: discard everything.</exception>
    public static async Task<long> HoldAsync(MemoryTransaction transaction, LaneLease lease, CancellationToken cancellationToken)
    {
        return VersionOf(await transaction.QueryAsync(Holding(lease), cancellationToken), lease);
    }

    /// <summary>The same with one statement more in the same trip: where the lease is lost nothing of it stays.</summary>
    /// <exception cref="LeaseLostException">It does not: discard everything.</exception>
    public static async Task<List<T>> HoldAsync<T>(MemoryTransaction transaction, LaneLease lease, Sql<T> next, CancellationToken cancellationToken)
    {
        (List<long> versions, List<T> rows) = await transaction.QueryAsync(Holding(lease), next, cancellationToken);
        VersionOf(versions, lease);
        return rows;
    }

    private static Sql<long> Holding(LaneLease lease) => new(Hold, row => row.GetInt64(0), lease.Lane.Keys(lease.Epoch, lease.AppliedSeq));

    private static long VersionOf(List<long> versions, LaneLease lease) =>
        versions.Count == 1 ? versions[0] : throw new LeaseLostException(lease.Lane.Owner, lease.Epoch);

    /// <summary>Everything up to <paramref name="seq"/> is dealt with, the lane is free.</summary>
    /// <param name="nextSince">When the message after it was recorded; null: none was there when the batch was read.</param>
    public static Sql<bool> AdvanceTo(LaneLease lease, long seq, DateTimeOffset? nextSince) => Sql.Command(Advance, lease.Lane.Keys(seq, nextSince));

    /// <summary>The batch up to <paramref name="lastSeq"/> failed for good: it is tried again in parts of at most <paramref name="limit"/>.</summary>
    public static Sql<bool> NarrowTo(LaneLease lease, int limit, long lastSeq) => Sql.Command(Narrow, lease.Lane.Keys(limit, lastSeq));

    /// <summary>So many dead letters more shall be tried again.</summary>
    public static Sql<bool> ReplaysAsked(Lane lane, int count) => Sql.Command(AskReplays, lane.Keys(count));

    /// <summary>A dead letter was tried again, whatever came of it; the lane is free.</summary>
    public static Sql<bool> ReplayEnded(LaneLease lease) => Sql.Command(EndReplay, lease.Lane.Keys());

    /// <summary>After so long at the latest, and when nothing waits, the owner's memory is tidied.</summary>
    public static Sql<bool> TendAfter(Lane lane, TimeSpan idle) => Sql.Command(TendLater, lane.Keys(idle));

    /// <summary>Something was written that no batch brought: caches are stale.</summary>
    public static Sql<bool> Written(Lane lane) => Sql.Command(Write, lane.Keys());

    /// <summary>Whether anything waits to be distilled, which comes before tending.</summary>
    public static Sql<bool> Waiting(Lane lane) => new(ReadWaiting, row => row.GetBoolean(0), lane.Keys());

    /// <summary>The lane is free again after tending.</summary>
    /// <param name="next">After what time it is due again, unless that was asked for meanwhile; null: when something has changed.</param>
    public static Sql<bool> TendingEnded(LaneLease lease, TimeSpan? next) => Sql.Command(EndTending, lease.Lane.Keys(lease.Epoch, next));

    /// <summary>Whoever works on the lane has read what holds no more: nothing of it may be written. Its attempt does not count.</summary>
    public static Sql<bool> CalledOff(Lane lane) => Sql.Command(CallOff, lane.Keys());
}
