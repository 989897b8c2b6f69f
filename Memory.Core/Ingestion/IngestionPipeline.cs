using System.Diagnostics;
using Memory.Core.Diagnostics;
using Memory.Core.Episodic;
using Memory.Core.Ingestion.Forgetting;
using Memory.Core.Ingestion.Tending;
using Memory.Core.Lanes;
using Memory.Core.LongTerm;
using Memory.Core.Privacy;
using Memory.Core.ShortTerm;
using Memory.Core.Storage;
using Memory.Models.Metering;
using Microsoft.Extensions.Options;

namespace Memory.Core.Ingestion;

/// <summary>
/// Distils one batch of a claimed lane into memories: what becomes of it is decided without a transaction, and stored in one,
/// behind the lane's fence.
/// </summary>
public sealed class IngestionPipeline(
    MemoryDb db, Distillation distillation, Checkpoints checkpoints, MemoryWriter writer, ShortTermBuffer buffer, IOptions<TendingOptions> tending)
{
    /// <exception cref="LeaseLostException">The lane moved on meanwhile; nothing was written.</exception>
    /// <exception cref="Models.ModelException">A model gave no usable answer; nothing was written but what that cost.</exception>
    public async Task RunAsync(Batch batch, CancellationToken cancellationToken)
    {
        using Activity? activity = StartActivity(batch);
        using ModelUsage spent = ModelUsage.Begin();
        try
        {
            await DistilAsync(batch, spent, activity, cancellationToken);
        }
        catch (Exception cause) when (cause is not StorageUnavailableException && spent.ByRole.Count > 0)
        {
            // Costs are kept although the caller may be stopping: they were paid.
            await db.TransactionAsync(batch.Lease.Lane.Project, transaction => transaction.ExecuteAsync(batch.Costs(spent), CancellationToken.None), CancellationToken.None);
            throw;
        }
    }

    private async Task DistilAsync(Batch batch, ModelUsage spent, Activity? activity, CancellationToken cancellationToken)
    {
        long started = Stopwatch.GetTimestamp();
        Distilled distilled = await distillation.DecideAsync(batch, spent, cancellationToken);
        await TryStoreAsync(batch, distilled, spent, cancellationToken);

        activity?.SetTag(MemoryTelemetry.Attribute.Messages, batch.Episodes.Count).SetTag(MemoryTelemetry.Attribute.Facts, distilled.Facts.Count);
        Report(started, distilled.Writes);
    }

    private async Task TryStoreAsync(Batch batch, Distilled distilled, ModelUsage spent, CancellationToken cancellationToken)
    {
        try
        {
            IReadOnlyList<string> conversations = await StoreAsync(batch, distilled, spent, cancellationToken);
            FailPoint.Hit(FailPoint.Applied);
            await buffer.DropAsync(batch.Lease.Lane, conversations, CancellationToken.None);
        }
        catch (Npgsql.PostgresException)
        {
            // The database refuses the plan, and would again: the next attempt makes another of the same facts.
            await checkpoints.SaveAsync(batch, new Checkpoint(batch.FirstSeq, batch.LastSeq, distilled.Facts, null), [], CancellationToken.None);
            throw;
        }
    }

    /// <returns>The conversations that lost words.</returns>
    private Task<IReadOnlyList<string>> StoreAsync(Batch batch, Distilled distilled, ModelUsage spent, CancellationToken cancellationToken) =>
        db.TransactionAsync(
            batch.Lease.Lane.Project,
            async transaction =>
            {
                LaneLease lease = batch.Lease;
                long version = await LaneFence.HoldAsync(transaction, lease, cancellationToken);
                // What was written meanwhile is no reason to plan again, unless the plan is about just that.
                if (version != lease.Version && !await MemoryStore.FitsAsync(transaction, lease.Lane, [.. distilled.Writes.Select(write => write.Operation)], cancellationToken))
                    throw new LeaseLostException(lease.Lane.Owner, lease.Epoch);
                await writer.WriteAsync(transaction, lease.Lane, MemoryStore.DefaultCollection, distilled.By, distilled.Writes, cancellationToken);
                FailPoint.Hit(FailPoint.MidApply);
                await transaction.ExecuteAsync(
                    [
                        .. distilled.Lifted.Count == 0 ? [] : (Sql<bool>[])[ForgetRules.Lifted(lease.Lane, distilled.Lifted)],
                        .. batch.IsReplay ? [DeadLetters.Raised(batch)] : (Sql<bool>[])[],
                        .. batch.Usages(spent).Select(one => IngestionEventLog.Ended(lease.Lane, batch.AppliedSeq, distilled.EndOf(one.Event, one.Usage))),
                        Checkpoints.Ended(batch),
                        .. Expected(batch),
                        new AuditEntry(
                            lease.Lane, Authors.Worker, batch.IsReplay ? "replay applied" : "batch applied", null, null,
                            new { first = batch.FirstSeq, last = batch.LastSeq, epoch = lease.Epoch }).ToStatement(),
                        batch.LaneGoesOn,
                    ],
                    cancellationToken);
                // Last: what the batch itself has just written of it goes too.
                IReadOnlyList<string> conversations = await Eraser.EraseAsync(transaction, lease.Lane, Authors.Worker, distilled.Writes, cancellationToken);
                FailPoint.Hit(FailPoint.ApplyBeforeCommit);
                return conversations;
            },
            cancellationToken);

    // Its memory is tidied once the owner is quiet. A summary can be asked for even where none is made unasked.
    private IEnumerable<Sql<bool>> Expected(Batch batch) =>
    [
        .. Conversations.Noted(batch.Lease.Lane, batch.Episodes),
        .. tending.Value.IsOn ? [LaneFence.TendAfter(batch.Lease.Lane, TimeSpan.FromSeconds(tending.Value.IdleSeconds))] : (Sql<bool>[])[],
    ];

    // The batch is work of its own, caused by the appends: it starts a trace and links to theirs.
    private static Activity? StartActivity(Batch batch)
    {
        List<ActivityLink> links = [];
        foreach (BatchCause cause in batch.Causes)
        {
            if (ActivityContext.TryParse(cause.TraceParent, null, isRemote: true, out ActivityContext context))
                links.Add(new ActivityLink(context));
        }

        return MemoryTelemetry.Source.StartActivity(
            MemoryTelemetry.Operation.Ingest, ActivityKind.Consumer, parentContext: default, links: links);
    }

    private static void Report(long started, IReadOnlyList<PlannedWrite> writes)
    {
        MemoryTelemetry.IngestionDuration.Record(Stopwatch.GetElapsedTime(started).TotalSeconds);
        foreach (IGrouping<string, PlannedWrite> group in writes.GroupBy(write => write.ToResult().Operation))
            MemoryTelemetry.IngestionOperations.Add(group.Count(), new KeyValuePair<string, object?>(MemoryTelemetry.Attribute.MemoryOperation, group.Key));
    }
}
