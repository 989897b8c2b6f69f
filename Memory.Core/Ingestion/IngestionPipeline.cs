using System.Diagnostics;
using Memory.Core.Diagnostics;
using Memory.Core.Episodic;
using Memory.Core.History;
using Memory.Core.Ingestion.Extraction;
using Memory.Core.Ingestion.Reconciliation;
using Memory.Core.Lanes;
using Memory.Core.LongTerm;
using Memory.Core.Privacy;
using Memory.Core.Storage;
using Memory.Models.Metering;
using Microsoft.Extensions.Options;

namespace Memory.Core.Ingestion;

/// <summary>
/// Distils one batch of a claimed lane into memories: feedback guard → importance → extraction → reconciliation → embedding → store.
/// Everything before the last step is decided without a transaction, and kept as soon as a model was paid for it; the last
/// step is one transaction, behind the lane's fence.
/// </summary>
public sealed class IngestionPipeline(
    MemoryDb db, FeedbackGuard guard, Checkpoints checkpoints, VersionLog versions, MemoryWriter writer,
    IExtractor extractor, IReconciler reconciler, Embedder embedder, IOptions<IngestionOptions> options)
{
    private readonly Authorship _authorship = new(Authors.Worker, extractor.By.Model, extractor.By.PromptHash);

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
            await db.TransactionAsync(batch.Lease.Lane.Project, transaction => transaction.ExecuteAsync(Costs(batch, spent), CancellationToken.None), CancellationToken.None);
            throw;
        }
    }

    private async Task DistilAsync(Batch batch, ModelUsage spent, Activity? activity, CancellationToken cancellationToken)
    {
        long started = Stopwatch.GetTimestamp();
        Guarded guarded = await guard.ReadAsync(batch, cancellationToken);
        IReadOnlyList<Fact> facts = batch.Saved?.Facts ?? await ExtractAsync(batch, guarded.Own, spent, cancellationToken);
        IReadOnlyList<MemoryOperation> plan = await ReconcileAsync(batch, facts, spent, cancellationToken);
        IReadOnlyList<ReadOnlyMemory<float>?> vectors = await embedder.EmbedAsync(plan, cancellationToken);
        List<PlannedWrite> writes = [.. plan.Zip(vectors, (operation, vector) => new PlannedWrite(operation, batch.EventOf(operation), vector))];
        var distilled = new Distilled(facts, writes, guarded.Echoes);
        await TryStoreAsync(batch, distilled, spent, cancellationToken);

        activity?.SetTag(MemoryTelemetry.Attribute.Messages, batch.Episodes.Count).SetTag(MemoryTelemetry.Attribute.Facts, facts.Count);
        Report(started, writes);
    }

    private async Task<IReadOnlyList<Fact>> ExtractAsync(Batch batch, IReadOnlyList<Episode> own, ModelUsage spent, CancellationToken cancellationToken)
    {
        List<ImportantMessage> important = [.. own
            .Select(episode => new ImportantMessage(episode, Importance.Score(episode), batch.RequestOf(episode)))
            .Where(message => message.Importance >= options.Value.ImportanceThreshold)];
        if (important.Count == 0)
            return [];
        Task<IReadOnlyList<Fact>> asked = extractor.ExtractAsync(important, cancellationToken);
        FailPoint.Hit(FailPoint.ModelInFlight);
        IReadOnlyList<Fact> facts = await asked;
        await KeepAsync(batch, new Checkpoint(batch.FirstSeq, batch.LastSeq, facts, null), spent, cancellationToken);
        return facts;
    }

    private async Task<IReadOnlyList<MemoryOperation>> ReconcileAsync(
        Batch batch, IReadOnlyList<Fact> facts, ModelUsage spent, CancellationToken cancellationToken)
    {
        if (facts.Count == 0)
            return [];
        if (batch.Saved?.Plan is { } saved && saved.Version == batch.Lease.Version && saved.Reconciler == reconciler.By)
            return saved.Operations;
        IReadOnlyList<MemoryOperation> plan = await LateWord.CheckAsync(
            versions, batch, await reconciler.PlanAsync(batch.Lease.Lane, facts, cancellationToken), cancellationToken);
        await KeepAsync(batch, new Checkpoint(batch.FirstSeq, batch.LastSeq, facts, new SavedPlan(batch.Lease.Version, reconciler.By, plan)), spent, cancellationToken);
        return plan;
    }

    private async Task KeepAsync(Batch batch, Checkpoint checkpoint, ModelUsage spent, CancellationToken cancellationToken)
    {
        FailPoint.Hit(FailPoint.AnswerUnsaved);
        await checkpoints.SaveAsync(batch.Lease, checkpoint, Costs(batch, spent), cancellationToken);
        FailPoint.Hit(FailPoint.PlanSaved);
    }

    private async Task TryStoreAsync(Batch batch, Distilled distilled, ModelUsage spent, CancellationToken cancellationToken)
    {
        try
        {
            await StoreAsync(batch, distilled, spent, cancellationToken);
            FailPoint.Hit(FailPoint.Applied);
        }
        catch (Npgsql.PostgresException)
        {
            // The database refuses the plan, and would again: the next attempt makes another of the same facts.
            await checkpoints.SaveAsync(batch.Lease, new Checkpoint(batch.FirstSeq, batch.LastSeq, distilled.Facts, null), [], CancellationToken.None);
            throw;
        }
    }

    private Task StoreAsync(Batch batch, Distilled distilled, ModelUsage spent, CancellationToken cancellationToken) =>
        db.TransactionAsync(
            batch.Lease.Lane.Project,
            async transaction =>
            {
                LaneLease lease = batch.Lease;
                long version = await LaneFence.HoldAsync(transaction, lease, cancellationToken);
                // What was written meanwhile is no reason to plan again, unless the plan is about just that.
                if (version != lease.Version && !await MemoryStore.FitsAsync(transaction, lease.Lane, [.. distilled.Writes.Select(write => write.Operation)], cancellationToken))
                    throw new LeaseLostException(lease.Lane.Owner, lease.Epoch);
                await writer.WriteAsync(transaction, lease.Lane, MemoryStore.DefaultCollection, _authorship, distilled.Writes, cancellationToken);
                FailPoint.Hit(FailPoint.MidApply);
                await transaction.ExecuteAsync(
                    [
                        .. batch.IsReplay ? [DeadLetters.Raised(batch)] : (Sql<bool>[])[],
                        .. batch.Usages(spent).Select(one => IngestionEventLog.Ended(
                            lease.Lane, one.Event, batch.AppliedSeq, distilled.ResultsOf(one.Event), one.Usage)),
                        Checkpoints.Ended(batch),
                        new AuditEntry(
                            lease.Lane, Authors.Worker, batch.IsReplay ? "replay applied" : "batch applied", null, null,
                            new { first = batch.FirstSeq, last = batch.LastSeq, epoch = lease.Epoch }).ToStatement(),
                        batch.LaneGoesOn,
                    ],
                    cancellationToken);
                FailPoint.Hit(FailPoint.ApplyBeforeCommit);
            },
            cancellationToken);

    private sealed record Distilled(
        IReadOnlyList<Fact> Facts, List<PlannedWrite> Writes, IReadOnlyList<(EventId Event, OperationResult Result)> Echoes)
    {
        internal List<OperationResult> ResultsOf(EventId id) =>
        [
            .. Writes.Where(write => write.Event == id).Select(write => write.ToResult()),
            .. Echoes.Where(echo => echo.Event == id).Select(echo => echo.Result),
        ];
    }

    private static List<Sql<bool>> Costs(Batch batch, ModelUsage spent) =>
        [.. batch.Usages(spent).Select(one => IngestionEventLog.Spent(batch.Lease, one.Event, one.Usage))];

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

    private static void Report(long started, List<PlannedWrite> writes)
    {
        MemoryTelemetry.IngestionDuration.Record(Stopwatch.GetElapsedTime(started).TotalSeconds);
        foreach (IGrouping<string, PlannedWrite> group in writes.GroupBy(write => write.ToResult().Operation))
            MemoryTelemetry.IngestionOperations.Add(group.Count(), new KeyValuePair<string, object?>(MemoryTelemetry.Attribute.MemoryOperation, group.Key));
    }
}
