using System.Diagnostics;
using Memory.Core.Diagnostics;
using Memory.Core.Episodic;
using Memory.Core.Ingestion.Extraction;
using Memory.Core.Ingestion.Reconciliation;
using Memory.Core.Lanes;
using Memory.Core.LongTerm;
using Memory.Core.Storage;
using Memory.Models.Metering;
using Microsoft.Extensions.Options;

namespace Memory.Core.Ingestion;

/// <summary>
/// Distils one batch of a claimed lane into memories: importance → extraction → reconciliation → embedding → store.
/// Everything before the last step is decided without a transaction; the last is one, behind the lane's fence.
/// </summary>
public sealed class IngestionPipeline(
    MemoryDb db, LaneStore lanes, EpisodeLog episodes, IngestionEventLog events, MemoryWriter writer,
    IExtractor extractor, IReconciler reconciler, Embedder embedder, IOptions<IngestionOptions> options)
{
    // What is estimated where no tokenizer is at hand.
    private const int CharactersPerToken = 4;

    private readonly ExtractedBatches _extracted = new();
    private readonly Authorship _authorship = new("worker", extractor.Model, extractor.PromptHash);

    /// <returns>How many messages were applied; 0 when the lane had none left.</returns>
    /// <exception cref="LeaseLostException">The lane moved on meanwhile; nothing was written.</exception>
    /// <exception cref="Models.ModelException">A model gave no usable answer; nothing was written but what that cost.</exception>
    public async Task<int> RunAsync(LaneLease lease, CancellationToken cancellationToken)
    {
        List<Episode> batch = await ReadAsync(lease, cancellationToken);
        if (batch.Count == 0)
            return 0;

        long lastSeq = batch[^1].Seq;
        List<BatchCause> causes = await events.RunningAsync(lease.Lane, batch[0].Seq, lastSeq, lease.Attempts, cancellationToken);
        using Activity? activity = StartActivity(causes);
        using ModelUsage usage = ModelUsage.Begin();
        var work = new Batch(lease, batch, causes, usage);
        try
        {
            await DistilAsync(work, activity, cancellationToken);
        }
        catch (Exception cause) when (cause is not StorageUnavailableException && usage.ByRole.Count > 0)
        {
            await KeepCostsAsync(work);
            throw;
        }

        return batch.Count;
    }

    /// <summary>After a failure: the events wait, the lane is tried again later, and what went wrong stands on the events.</summary>
    public async Task GiveBackAsync(LaneLease lease, TimeSpan delay, Exception cause, CancellationToken cancellationToken)
    {
        await WaitAsync(lease, $"attempt {lease.Attempts} failed: {NameOf(cause)}", lease.Attempts, cancellationToken);
        await lanes.RetryLaterAsync(lease, delay, cancellationToken);
    }

    /// <summary>The model cannot be asked now, which is no fault of the batch: the lane waits, and no attempt is used up.</summary>
    public async Task DeferAsync(LaneLease lease, TimeSpan delay, Models.ModelException.Deferrable cause, CancellationToken cancellationToken)
    {
        await WaitAsync(lease, cause.Message, lease.Attempts - 1, cancellationToken);
        await lanes.DeferAsync(lease, delay, cancellationToken);
    }

    private async Task DistilAsync(Batch work, Activity? activity, CancellationToken cancellationToken)
    {
        long started = Stopwatch.GetTimestamp();
        IReadOnlyList<Fact> facts = await ExtractAsync(work, cancellationToken);
        IReadOnlyList<MemoryOperation> plan = facts.Count == 0 ? [] : await reconciler.PlanAsync(work.Lease.Lane, facts, cancellationToken);
        IReadOnlyList<ReadOnlyMemory<float>?> vectors = await embedder.EmbedAsync(plan, cancellationToken);
        List<PlannedWrite> writes = [.. plan.Zip(vectors, (operation, vector) => new PlannedWrite(operation, work.EventOf(operation), vector))];
        await StoreAsync(work, writes, cancellationToken);
        _extracted.Forget(work.Lease.Lane);

        activity?.SetTag(MemoryTelemetry.Attribute.Messages, work.Episodes.Count).SetTag(MemoryTelemetry.Attribute.Facts, facts.Count);
        Report(started, writes);
    }

    // As many messages as the batch may have, as long as they fit; the first one always does.
    private async Task<List<Episode>> ReadAsync(LaneLease lease, CancellationToken cancellationToken)
    {
        int most = _extracted.Find(lease)?.Messages ?? options.Value.BatchMessages;
        List<Episode> batch = await episodes.ReadAsync(lease.Lane, lease.AppliedSeq, most, cancellationToken);
        var tokens = 0;
        int fitting = batch.TakeWhile(episode => (tokens += episode.Content.Length / CharactersPerToken) <= options.Value.BatchTokens).Count();
        return batch[..Math.Min(batch.Count, Math.Max(1, fitting))];
    }

    private async Task<IReadOnlyList<Fact>> ExtractAsync(Batch work, CancellationToken cancellationToken)
    {
        if (_extracted.Find(work.Lease) is { } paid)
            return paid.Facts;
        List<ImportantMessage> important = [.. work.Messages(options.Value.ImportanceThreshold)];
        IReadOnlyList<Fact> facts = important.Count == 0 ? [] : await extractor.ExtractAsync(important, cancellationToken);
        _extracted.Keep(work.Lease, work.Episodes.Count, facts);
        return facts;
    }

    // Costs are kept although the caller may be stopping: they were paid.
    private Task KeepCostsAsync(Batch work) => db.TransactionAsync(
        work.Lease.Lane.Project,
        transaction => transaction.ExecuteAsync([.. work.Usages().Select(one => IngestionEventLog.Spent(work.Lease, one.Event, one.Usage))], CancellationToken.None),
        CancellationToken.None);

    private Task WaitAsync(LaneLease lease, string error, int attempts, CancellationToken cancellationToken) =>
        events.WaitingAsync(lease, lease.AppliedSeq + options.Value.BatchMessages, error, attempts, cancellationToken);

    // A model's failure says in our own words what it was; of any other the type says enough, and nothing of what was said.
    private static string NameOf(Exception cause) => cause is Models.ModelException known ? known.Message : cause.GetType().Name;

    private Task StoreAsync(Batch work, List<PlannedWrite> writes, CancellationToken cancellationToken) =>
        db.TransactionAsync(
            work.Lease.Lane.Project,
            async transaction =>
            {
                LaneLease lease = work.Lease;
                long lastSeq = work.Episodes[^1].Seq;
                await LaneStore.FenceAsync(transaction, lease, cancellationToken);
                await writer.WriteAsync(transaction, lease.Lane, MemoryStore.DefaultCollection, _authorship, writes, cancellationToken);
                await transaction.ExecuteAsync(
                    [
                        .. work.Usages().Select(one => IngestionEventLog.Completed(
                            lease.Lane, one.Event, lastSeq, [.. writes.Where(write => write.Event == one.Event).Select(write => write.ToResult())], one.Usage)),
                        LaneStore.AdvanceTo(lease, lastSeq),
                    ],
                    cancellationToken);
            },
            cancellationToken);

    // The batch is work of its own, caused by the appends: it starts a trace and links to theirs.
    private static Activity? StartActivity(List<BatchCause> causes)
    {
        List<ActivityLink> links = [];
        foreach (BatchCause cause in causes)
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
