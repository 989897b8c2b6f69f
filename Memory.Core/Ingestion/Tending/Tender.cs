using Memory.Core.Episodic;
using Memory.Core.Lanes;
using Memory.Core.LongTerm;
using Memory.Core.Storage;
using Memory.Models;
using Memory.Models.Metering;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Memory.Core.Ingestion.Tending;

/// <summary>
/// Tidies an owner's memory in idle time, under the same lease that batches need: quiet conversations are summed up,
/// near-duplicates merged, contradictions flagged. Everything is an ordinary plan: on an event, audited, and can be undone.
/// </summary>
public sealed class Tender(
    MemoryDb db, Conversations conversations, ISummarizer summarizer, ClosePairs pairs, IConsolidator consolidator, MemoryStore store,
    Embedder embedder, MemoryWriter writer, LeaseKeeper keeper, IOptions<TendingOptions> options, TimeProvider time, ILogger<Tender> logger)
{
    private static readonly TimeSpan s_afterFailure = TimeSpan.FromHours(1);

    private TimeSpan Idle => TimeSpan.FromSeconds(options.Value.IdleSeconds);

    /// <summary>The lane is free again afterwards. What failed is tried again in an hour.</summary>
    public async Task RunAsync(LaneLease lease, CancellationToken cancellationToken)
    {
        TimeSpan? next = s_afterFailure;
        try
        {
            next = await keeper.HoldAsync(lease, held => TendAsync(lease, held), cancellationToken);
        }
        catch (LeaseLostException)
        {
            // Where the lane is its own still, a direct write came between: the owner is not idle.
            logger.LeaseLost(lease.Epoch);
            next = Idle;
        }
        catch (Exception cause) when (cause is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            logger.TendingFailed(cause);
        }
        finally
        {
            await db.QueryAsync(lease.Lane.Project, LaneFence.TendingEnded(lease, next), CancellationToken.None);
        }
    }

    /// <returns>After what time there may be more to do; null: not before something changes.</returns>
    private async Task<TimeSpan?> TendAsync(LaneLease lease, CancellationToken cancellationToken)
    {
        Lane lane = lease.Lane;
        List<OpenConversation> open = (await conversations.OpenAsync(lane, Idle, cancellationToken)).FindAll(one => options.Value.Summaries || one.IsAsked);
        IEnumerable<Func<Task>> steps = open.Where(one => one.IsQuiet).Select(one => (Func<Task>)(() => SummarizeAsync(lease, one, cancellationToken)));
        if (options.Value.Consolidation)
            steps = steps.Append(() => ConsolidateAsync(lease, cancellationToken));
        var failed = false;
        foreach (Func<Task> step in steps)
        {
            // Messages do not wait for all of it; what is left is due as soon as they are through.
            if ((await db.QueryAsync(lane.Project, LaneFence.Waiting(lane), cancellationToken)).Contains(true))
                return TimeSpan.Zero;
            failed |= !await TryAsync(step);
        }

        return failed ? s_afterFailure : open.Count == 0 ? null : open.TrueForAll(one => one.IsQuiet) ? TimeSpan.Zero : Idle;
    }

    // A conversation that no model will sum up does not keep the others from it.
    private async Task<bool> TryAsync(Func<Task> step)
    {
        try
        {
            await step();
            return true;
        }
        catch (ModelException cause) when (cause is not ModelException.Deferrable)
        {
            logger.TendingFailed(cause);
            return false;
        }
    }

    private async Task SummarizeAsync(LaneLease lease, OpenConversation conversation, CancellationToken cancellationToken)
    {
        using ModelUsage spent = ModelUsage.Begin();
        MemoryRecord? before = conversation.Summary is { } id ? await store.FindAsync(lease.Lane, id, cancellationToken) : null;
        Fact? summary = await summarizer.SummarizeAsync(lease.Lane, conversation, before, cancellationToken);
        // Two conversations may come to the same: it is remembered once.
        bool isKnown = summary is not null
            && (await store.MatchingAsync(lease.Lane, MemoryStore.DefaultCollection, [], [summary.Content], cancellationToken)).Exists(one => one.Id != before?.Id);
        MemoryOperation? operation = summary is null || isKnown ? null
            : before is null ? new MemoryOperation.Add(new MemoryId(Guid.CreateVersion7(time.GetUtcNow())), summary, "its conversation went quiet")
            : before.Content == summary.Content ? null
            : new MemoryOperation.Update(before, summary, "its conversation went on");
        MemoryId? kept = operation is MemoryOperation.Add add ? add.Id : before?.Id;
        await ApplyAsync(
            lease, summarizer.By, operation is null ? [] : [operation], spent, [Conversations.Summarized(lease.Lane, conversation, kept)], cancellationToken);
    }

    private async Task ConsolidateAsync(LaneLease lease, CancellationToken cancellationToken)
    {
        using ModelUsage spent = ModelUsage.Begin();
        IReadOnlyList<ClosePair> close = await pairs.FindAsync(lease.Lane, options.Value.CloseSimilarity, options.Value.MostPairs, cancellationToken);
        if (close.Count == 0)
            return;
        IReadOnlyList<(PairVerdict Verdict, string Reason)> verdicts = await consolidator.JudgeAsync(close, cancellationToken);
        IReadOnlyList<MemoryOperation> plan = Consolidation.Plan([.. close.Zip(verdicts)], time.GetUtcNow());
        HashSet<MemoryId> merged = [.. plan.OfType<MemoryOperation.Delete>().Select(delete => delete.Target.Id)];
        Sql<bool>[] judged = [.. close.Zip(verdicts).Select(one => ClosePairs.Judged(
            lease.Lane, one.First, one.Second.Verdict == PairVerdict.Same && (merged.Contains(one.First.Older.Id) || merged.Contains(one.First.Newer.Id))))];
        await ApplyAsync(lease, consolidator.By, plan, spent, judged, cancellationToken);
    }

    private async Task ApplyAsync(
        LaneLease lease, Distiller by, IReadOnlyList<MemoryOperation> plan, ModelUsage spent, Sql<bool>[] besides, CancellationToken cancellationToken)
    {
        Lane lane = lease.Lane;
        var id = new EventId(Guid.CreateVersion7(time.GetUtcNow()));
        List<PlannedWrite> writes = await embedder.PrepareAsync(plan, _ => id, cancellationToken);
        await db.TransactionAsync(
            lane.Project,
            async transaction =>
            {
                await LaneFence.HoldAsync(transaction, lease, cancellationToken);
                // A direct write may have come between.
                if (!await MemoryStore.FitsAsync(transaction, lane, plan, cancellationToken))
                    throw new LeaseLostException(lane.Owner, lease.Epoch);
                await writer.WriteAsync(transaction, lane, MemoryStore.DefaultCollection, new Authorship(Authors.Worker, by.Model, by.PromptHash), writes, cancellationToken);
                await transaction.ExecuteAsync(
                    [
                        .. writes.Count == 0 ? [] : (Sql<bool>[])
                        [
                            IngestionEventLog.Done(lane, id, "TEND", IngestionRequest.Plain, [.. writes.Select(write => write.ToResult())], EventUsage.None.Plus(spent.ByRole, share: 1)),
                            LaneFence.Written(lane),
                        ],
                        .. besides,
                    ],
                    cancellationToken);
            },
            cancellationToken);
    }
}
