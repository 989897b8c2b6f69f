using Memory.Core.Storage;

namespace Memory.Core.Lanes;

/// <summary>
/// What a transaction on a claimed lane begins and ends with: it begins with the fence, so that whoever lost the lane
/// writes nothing, and ends by moving the lane on.
/// </summary>
public static class LaneFence
{
    private const string Hold = """
        select version
          from lanes
         where project_id = $1 and owner_kind = $2 and owner_id = $3 and epoch = $4 and applied_seq = $5
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

    /// <summary>The first statement: locks the lane, if the lease still holds it.</summary>
    /// <returns>The owner's version; another than the lease's: a direct write came between.</returns>
    /// <exception cref="LeaseLostException">It does not: discard everything.</exception>
    public static async Task<long> HoldAsync(MemoryTransaction transaction, LaneLease lease, CancellationToken cancellationToken)
    {
        List<long> versions = await transaction.QueryAsync(
            new Sql<long>(Hold, row => row.GetInt64(0), lease.Lane.Keys(lease.Epoch, lease.AppliedSeq)), cancellationToken);
        return versions.Count == 1 ? versions[0] : throw new LeaseLostException(lease.Lane.Owner, lease.Epoch);
    }

    /// <summary>Everything up to <paramref name="seq"/> is dealt with, the lane is free.</summary>
    /// <param name="nextSince">When the message after it was recorded; null: none was there when the batch was read.</param>
    public static Sql<bool> AdvanceTo(LaneLease lease, long seq, DateTimeOffset? nextSince) => Sql.Command(Advance, lease.Lane.Keys(seq, nextSince));

    /// <summary>The batch up to <paramref name="lastSeq"/> failed for good: it is tried again in parts of at most <paramref name="limit"/>.</summary>
    public static Sql<bool> NarrowTo(LaneLease lease, int limit, long lastSeq) => Sql.Command(Narrow, lease.Lane.Keys(limit, lastSeq));

    /// <summary>So many dead letters more shall be tried again.</summary>
    public static Sql<bool> ReplaysAsked(Lane lane, int count) => Sql.Command(AskReplays, lane.Keys(count));

    /// <summary>A dead letter was tried again, whatever came of it; the lane is free.</summary>
    public static Sql<bool> ReplayEnded(LaneLease lease) => Sql.Command(EndReplay, lease.Lane.Keys());
}
