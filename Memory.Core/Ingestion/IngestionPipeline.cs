using System.Diagnostics;
using Memory.Core.Diagnostics;
using Memory.Core.Episodic;
using Memory.Core.Ingestion.Extraction;
using Memory.Core.Ingestion.Reconciliation;
using Memory.Core.Lanes;
using Memory.Core.LongTerm;
using Memory.Core.Storage;
using Microsoft.Extensions.Options;

namespace Memory.Core.Ingestion;

/// <summary>
/// Distils one batch of a claimed lane into memories: importance → extraction → reconciliation → embedding → store.
/// Everything before the last step is decided without a transaction; the last is one, behind the lane's fence.
/// </summary>
public sealed class IngestionPipeline(
    MemoryDb db, LaneStore lanes, EpisodeLog episodes, IngestionEventLog events, MemoryStore store, MemoryWriter writer,
    BuiltinReconciler reconciler, Embedder embedder, IOptions<IngestionOptions> options)
{
    private static readonly Authorship s_authorship = new("worker", BuiltinExtractor.ModelId, null);

    /// <returns>How many messages were applied; 0 when the lane had none left.</returns>
    /// <exception cref="LeaseLostException">The lane moved on meanwhile; nothing was written.</exception>
    public async Task<int> RunAsync(LaneLease lease, CancellationToken cancellationToken)
    {
        long started = Stopwatch.GetTimestamp();
        List<Episode> batch = await episodes.ReadAsync(lease.Lane, lease.AppliedSeq, options.Value.BatchMessages, cancellationToken);
        if (batch.Count == 0)
            return 0;

        long lastSeq = batch[^1].Seq;
        List<BatchCause> causes = await events.RunningAsync(lease.Lane, batch[0].Seq, lastSeq, lease.Attempts, cancellationToken);
        using Activity? activity = StartActivity(causes);

        IReadOnlyList<Fact> facts = Extract(batch, causes);
        IReadOnlyList<MemoryOperation> plan = await PlanAsync(lease.Lane, facts, cancellationToken);
        IReadOnlyList<ReadOnlyMemory<float>?> vectors = await embedder.EmbedAsync(plan, cancellationToken);
        List<PlannedWrite> writes = [.. plan.Zip(vectors, (operation, vector) => new PlannedWrite(operation, EventOf(operation, batch), vector))];
        await StoreAsync(lease, batch, writes, cancellationToken);

        activity?.SetTag(MemoryTelemetry.Attribute.Messages, batch.Count).SetTag(MemoryTelemetry.Attribute.Facts, facts.Count);
        Report(started, batch, writes);
        return batch.Count;
    }

    /// <summary>After a failure: the events wait, the lane is tried again later, and what went wrong stands on the events.</summary>
    public async Task GiveBackAsync(LaneLease lease, TimeSpan delay, Exception cause, CancellationToken cancellationToken)
    {
        // The type says enough for an operator and holds nothing of what was said.
        await events.WaitingAsync(
            lease.Lane, lease.AppliedSeq + 1, lease.AppliedSeq + options.Value.BatchMessages,
            $"attempt {lease.Attempts} failed: {cause.GetType().Name}", cancellationToken);
        await lanes.RetryLaterAsync(lease, delay, cancellationToken);
    }

    private List<Fact> Extract(List<Episode> batch, List<BatchCause> causes) =>
    [
        .. batch
            .Select(episode => (episode, importance: Importance.Score(episode)))
            .Where(message => message.importance >= options.Value.ImportanceThreshold)
            .SelectMany(message => BuiltinExtractor.Extract(message.episode, message.importance)
                .Select(fact => fact with { ExpiresOn = causes.Find(cause => cause.Event == message.episode.Event)?.Request.ExpiresOn })),
    ];

    private async Task<IReadOnlyList<MemoryOperation>> PlanAsync(Lane lane, IReadOnlyList<Fact> facts, CancellationToken cancellationToken)
    {
        if (facts.Count == 0)
            return [];
        List<MemoryRecord> known = await store.MatchingAsync(
            lane, MemoryStore.DefaultCollection,
            [.. facts.Select(fact => fact.Attribute).OfType<string>().Distinct()],
            [.. facts.Select(fact => fact.Content).Distinct()],
            cancellationToken);
        return reconciler.Plan(facts, known);
    }

    private Task StoreAsync(LaneLease lease, List<Episode> batch, List<PlannedWrite> writes, CancellationToken cancellationToken) =>
        db.TransactionAsync(
            lease.Lane.Project,
            async transaction =>
            {
                long lastSeq = batch[^1].Seq;
                await LaneStore.FenceAsync(transaction, lease, cancellationToken);
                await writer.WriteAsync(transaction, lease.Lane, MemoryStore.DefaultCollection, s_authorship, writes, cancellationToken);
                await transaction.ExecuteAsync(
                    [
                        .. batch.Select(episode => episode.Event).Distinct().Select(id => IngestionEventLog.Completed(
                            lease.Lane, id, lastSeq, [.. writes.Where(write => write.Event == id).Select(write => write.ToResult())])),
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

    private static EventId EventOf(MemoryOperation operation, List<Episode> batch) =>
        batch.First(episode => episode.Seq == operation.Fact.SourceSeqs[^1]).Event;

    private static void Report(long started, List<Episode> batch, List<PlannedWrite> writes)
    {
        MemoryTelemetry.IngestionDuration.Record(Stopwatch.GetElapsedTime(started).TotalSeconds);
        foreach (IGrouping<string, PlannedWrite> group in writes.GroupBy(write => write.ToResult().Operation))
            MemoryTelemetry.IngestionOperations.Add(group.Count(), new KeyValuePair<string, object?>(MemoryTelemetry.Attribute.MemoryOperation, group.Key));
    }
}
