using System.Text.Json;
using Memory.Core.Diagnostics;
using Memory.Core.Episodic;
using Memory.Core.Lanes;
using Memory.Core.LongTerm;
using Memory.Core.Privacy;
using Memory.Core.Storage;
using Microsoft.Extensions.Logging;

namespace Memory.Core.Ingestion;

/// <summary>
/// Messages that could not be distilled, with all it takes to try again. Their lane goes on without them; replayed, they
/// count with the time at which they were said, so that they overwrite nothing newer.
/// </summary>
public sealed class DeadLetters(MemoryDb db, EpisodeLog episodes, IngestionEventLog events, ILogger<DeadLetters> logger)
{
    private const string Insert = """
        insert into dead_letters (project_id, owner_kind, owner_id, seq, event_id, payload, reason, attempts)
        values ($1, $2, $3, $4, $5, $6, $7, $8)
        on conflict (project_id, owner_kind, owner_id, seq) do update
           set reason = excluded.reason, attempts = excluded.attempts, died_at = now(), replay_at = null
        """;

    private const string Delete = """
        delete from dead_letters
         where project_id = $1 and owner_kind = $2 and owner_id = $3 and seq = $4
        """;

    private const string ReadReplay = """
        select seq, payload
          from dead_letters
         where project_id = $1 and owner_kind = $2 and owner_id = $3 and replay_at is not null
         order by seq
         limit 1
        """;

    private const string AskReplay = """
        update dead_letters
           set replay_at = now()
         where project_id = $1 and owner_kind = $2 and owner_id = $3 and event_id = $4 and replay_at is null
        returning seq
        """;

    /// <summary>The message of a batch of one cannot be distilled: it is put aside, and the lane goes on.</summary>
    /// <param name="reason">Without stored text.</param>
    /// <exception cref="LeaseLostException">The lane is somebody else's by now; nothing was written.</exception>
    internal Task BuryAsync(Batch batch, string reason, CancellationToken cancellationToken) => db.TransactionAsync(
        batch.Lease.Lane.Project,
        async transaction =>
        {
            Lane lane = batch.Lease.Lane;
            Episode dead = batch.Episodes.Single();
            await LaneFence.HoldAsync(transaction, batch.Lease, cancellationToken);
            await transaction.ExecuteAsync(
                [
                    Sql.Command(Insert, lane.Keys(dead.Seq, dead.Event, JsonSerializer.SerializeToUtf8Bytes(dead), reason, batch.Lease.Attempts)),
                    // Whatever is tried later is asked for anew: what was made of the message so far may be what failed.
                    Checkpoints.Ended(batch),
                    IngestionEventLog.Ended(lane, batch.AppliedSeq, new EventEnd(dead.Event, []) { Error = reason }),
                    new AuditEntry(
                        lane, Authors.Worker, "dead letter", null, dead.Event,
                        new { first = dead.Seq, last = dead.Seq, epoch = batch.Lease.Epoch, replay = batch.IsReplay, reason }).ToStatement(),
                    batch.LaneGoesOn,
                ],
                cancellationToken);
            FailPoint.Hit(FailPoint.DeadLetter);
        },
        cancellationToken);

    /// <summary>The oldest message that was asked to be tried again; null: none.</summary>
    internal async Task<Episode?> NextReplayAsync(Lane lane, CancellationToken cancellationToken)
    {
        List<(long Seq, byte[] Payload)> found = await db.QueryAsync(
            lane.Project, new Sql<(long, byte[])>(ReadReplay, row => (row.GetInt64(0), row.GetFieldValue<byte[]>(1)), lane.Keys()), cancellationToken);
        return found.Count == 0 ? null : await ReadAsync(lane, found[0].Seq, found[0].Payload, cancellationToken);
    }

    // What another version of this code wrote differently still lies among the episodes, unless that is long ago.
    private async Task<Episode> ReadAsync(Lane lane, long seq, byte[] payload, CancellationToken cancellationToken)
    {
        try
        {
            return JsonSerializer.Deserialize<Episode>(payload)!;
        }
        catch (Exception cause) when (cause is JsonException or NotSupportedException)
        {
            logger.PayloadUnreadable(cause, seq);
            return (await episodes.ReadAsync(lane, seq - 1, 1, cancellationToken))[0];
        }
    }

    /// <summary>It was distilled after all.</summary>
    internal static Sql<bool> Raised(Batch batch) => Sql.Command(Delete, batch.Lease.Lane.Keys(batch.FirstSeq));

    /// <summary>The dead letters of an event shall be tried again, in order, before anything else of their owner.</summary>
    /// <returns>How many they are.</returns>
    /// <exception cref="NotFoundException">No such event in the principal's reach.</exception>
    /// <exception cref="ConflictingWriteException">It has no dead letters, or they are being tried again already.</exception>
    public async Task<int> ReplayAsync(Principal principal, EventId id, CancellationToken cancellationToken)
    {
        IngestionEvent found = await events.GetAsync(principal, id, cancellationToken);
        var lane = new Lane(principal.Project, found.Owner);
        return await db.TransactionAsync(
            principal.Project,
            async transaction =>
            {
                // The lane's row first, as everywhere.
                await transaction.ExecuteAsync([LaneFence.ReplaysAsked(lane, 0)], cancellationToken);
                List<long> asked = await transaction.QueryAsync(new Sql<long>(AskReplay, row => row.GetInt64(0), lane.Keys(id)), cancellationToken);
                if (asked.Count == 0)
                    throw new ConflictingWriteException("This event has no message that waits to be tried again: only what is FAILED can be replayed.");
                await transaction.ExecuteAsync(
                    [
                        LaneFence.ReplaysAsked(lane, asked.Count),
                        IngestionEventLog.Replayed(lane, id),
                        new AuditEntry(lane, principal.Actor, "replay", null, id, new { messages = asked.Count }).ToStatement(),
                    ],
                    cancellationToken);
                return asked.Count;
            },
            cancellationToken);
    }
}
