using System.Text.Json;
using Memory.Core.Ingestion.Reconciliation;
using Memory.Core.Lanes;
using Memory.Core.Storage;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Memory.Core.Ingestion;

/// <summary>
/// The checkpoints of batches under way, by (lane, range, model, prompt). One that is open fixes the range of the next
/// claim, so that no message is paid for twice. With rules alone there are none.
/// </summary>
public sealed class Checkpoints(MemoryDb db, IReconciler reconciler, ILogger<Checkpoints> logger)
{
    private const string Find = """
        select first_seq, last_seq, payload
          from plans
         where project_id = $1 and owner_kind = $2 and owner_id = $3
           and first_seq >= $4 and model = $5 and prompt_hash = $6
         order by first_seq, last_seq
         limit 2
        """;

    // Whoever lost the lane meanwhile would decide for the one who has it. Locked, since who calls the batch off and takes its
    // words away may not have committed yet: after the wait the epoch is looked at once more.
    private const string Save = """
        insert into plans (project_id, owner_kind, owner_id, first_seq, last_seq, model, prompt_hash, payload)
        select project_id, owner_kind, owner_id, $5, $6, $7, $8, $9
          from lanes
         where project_id = $1 and owner_kind = $2 and owner_id = $3 and epoch = $4
           for update
        on conflict (project_id, owner_kind, owner_id, first_seq, last_seq, model, prompt_hash)
        do update set payload = excluded.payload, saved_at = now()
        returning true
        """;

    private const string Delete = """
        delete from plans
         where project_id = $1 and owner_kind = $2 and owner_id = $3 and first_seq between $4 and $5
        """;

    /// <summary>The checkpoint that begins with a message, and where the next one after it begins.</summary>
    /// <param name="by">What distils now: what another one was paid for is of no use to it.</param>
    internal async Task<(Checkpoint? Saved, long? Next)> FindAsync(Lane lane, long firstSeq, Distiller by, CancellationToken cancellationToken)
    {
        if (!IsPaid(by))
            return (null, null);
        return Choose(await db.QueryAsync(lane.Project, Finding(lane, firstSeq, by), cancellationToken), firstSeq);
    }

    /// <summary>Keeps what is known of a batch, with what it cost.</summary>
    /// <param name="costs">Statements of the same transaction.</param>
    /// <exception cref="LeaseLostException">The lane is somebody else's by now; nothing was written.</exception>
    internal Task SaveAsync(Batch batch, Checkpoint checkpoint, IReadOnlyCollection<Sql<bool>> costs, CancellationToken cancellationToken) =>
        !IsPaid(batch.By) ? Task.CompletedTask : db.TransactionAsync(
            batch.Lease.Lane.Project,
            async transaction =>
            {
                await SaveAsync(transaction, batch, checkpoint, cancellationToken);
                await transaction.ExecuteAsync(costs, cancellationToken);
            },
            cancellationToken);

    /// <summary>Inside a transaction that narrows the batch: each part keeps its facts; plans are made anew.</summary>
    internal async Task SplitAsync(MemoryTransaction transaction, Batch batch, long middle, CancellationToken cancellationToken)
    {
        if (!IsPaid(batch.By) || Choose(await transaction.QueryAsync(Finding(batch.Lease.Lane, batch.FirstSeq, batch.By), cancellationToken), batch.FirstSeq).Saved is not { } whole)
            return;
        await transaction.ExecuteAsync([Ended(batch)], cancellationToken);
        await SaveAsync(transaction, batch, whole.Part(batch.FirstSeq, middle), cancellationToken);
        await SaveAsync(transaction, batch, whole.Part(middle + 1, batch.LastSeq), cancellationToken);
    }

    /// <summary>The batch is applied: nothing of it is needed any more, whatever made it.</summary>
    internal static Sql<bool> Ended(Batch batch) => Sql.Command(Delete, batch.Lease.Lane.Keys(batch.FirstSeq, batch.LastSeq));

    private bool IsPaid(Distiller by) => by.PromptHash is not null || reconciler.By.PromptHash is not null;

    private static async Task SaveAsync(MemoryTransaction transaction, Batch batch, Checkpoint checkpoint, CancellationToken cancellationToken)
    {
        LaneLease lease = batch.Lease;
        List<bool> saved = await transaction.QueryAsync(
            Sql.Command(Save, lease.Lane.Keys(
                lease.Epoch, checkpoint.FirstSeq, checkpoint.LastSeq, batch.By.Model, batch.By.PromptHash ?? "", checkpoint.ToPayload())),
            cancellationToken);
        if (saved.Count == 0)
            throw new LeaseLostException(lease.Lane.Owner, lease.Epoch);
    }

    private Sql<Checkpoint?> Finding(Lane lane, long firstSeq, Distiller by) => new(
        Find, Read, lane.Keys(firstSeq, by.Model, by.PromptHash ?? ""));

    // What another version of this code wrote differently is paid for again: better than an owner who waits for ever.
    private Checkpoint? Read(NpgsqlDataReader row)
    {
        try
        {
            return Checkpoint.Read(row.GetInt64(0), row.GetInt64(1), row.GetFieldValue<byte[]>(2));
        }
        catch (Exception cause) when (cause is JsonException or NotSupportedException)
        {
            logger.PayloadUnreadable(cause, row.GetInt64(0));
            return null;
        }
    }

    private static (Checkpoint? Saved, long? Next) Choose(List<Checkpoint?> found, long firstSeq) => (
        found.Find(one => one?.FirstSeq == firstSeq),
        found.Find(one => one?.FirstSeq > firstSeq)?.FirstSeq);
}
