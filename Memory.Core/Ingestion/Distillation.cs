using Memory.Core.Diagnostics;
using Memory.Core.Episodic;
using Memory.Core.History;
using Memory.Core.Ingestion.Extraction;
using Memory.Core.Ingestion.Forgetting;
using Memory.Core.Ingestion.Reconciliation;
using Memory.Core.LongTerm;
using Memory.Models.Metering;
using Microsoft.Extensions.Options;

namespace Memory.Core.Ingestion;

/// <summary>
/// Decides what becomes of a batch: feedback guard → importance → extraction → what may be learned → reconciliation →
/// forgetting → embedding. It writes nothing but what a model was paid for, as soon as it is there.
/// </summary>
public sealed class Distillation(
    FeedbackGuard guard, Checkpoints checkpoints, VersionLog versions, IExtractor extractor, IReconciler reconciler,
    ForgetRules rules, ForgetPlanner forgetting, Embedder embedder, IOptions<IngestionOptions> options)
{
    /// <exception cref="LeaseLostException">The lane moved on meanwhile.</exception>
    /// <exception cref="Models.ModelException">A model gave no usable answer.</exception>
    internal async Task<Distilled> DecideAsync(Batch batch, ModelUsage spent, CancellationToken cancellationToken)
    {
        Guarded guarded = await guard.ReadAsync(batch, cancellationToken);
        List<(Episode Episode, MessageImportance Importance)> weighed = [.. guarded.Own.Select(episode => (episode, Importance.Score(episode)))];
        IReadOnlyList<Fact> facts = batch.Saved?.Facts ?? await ExtractAsync(batch, weighed, spent, cancellationToken);
        Ruled ruled = await rules.CheckAsync(batch.Lease.Lane, facts, cancellationToken);
        IReadOnlyList<MemoryOperation> plan = await ReconcileAsync(batch, facts, ruled, spent, cancellationToken);
        List<PlannedWrite> writes = await embedder.PrepareAsync(plan, batch.EventOf, cancellationToken);
        return new Distilled(AuthorshipOf(batch), facts, writes, guarded.Echoes, Weights.Of(weighed, plan), ruled.Lifted);
    }

    private async Task<IReadOnlyList<Fact>> ExtractAsync(
        Batch batch, List<(Episode Episode, MessageImportance Importance)> weighed, ModelUsage spent, CancellationToken cancellationToken)
    {
        List<ImportantMessage> important = [.. weighed
            .Where(one => one.Importance.Score >= options.Value.ImportanceThreshold)
            .Select(one => new ImportantMessage(
                one.Episode with { Content = PastedText.Visible(one.Episode.Content) }, one.Importance.Score, batch.RequestOf(one.Episode)))];
        if (important.Count == 0)
            return [];
        Task<IReadOnlyList<Fact>> asked = extractor.ExtractAsync(important, batch.Settings, cancellationToken);
        FailPoint.Hit(FailPoint.ModelInFlight);
        IReadOnlyList<Fact> facts = new OwnWords([.. weighed.Select(one => one.Episode)]).Check(await asked);
        await KeepAsync(batch, new Checkpoint(batch.FirstSeq, batch.LastSeq, facts, null), spent, cancellationToken);
        return facts;
    }

    private async Task<IReadOnlyList<MemoryOperation>> ReconcileAsync(
        Batch batch, IReadOnlyList<Fact> facts, Ruled ruled, ModelUsage spent, CancellationToken cancellationToken)
    {
        if (facts.Count == 0)
            return [];
        if (batch.Saved?.Plan is { } saved && saved.Version == batch.Lease.Version && saved.Reconciler == reconciler.By)
            return saved.Operations;
        ILookup<bool, Fact> wishes = ruled.Free.ToLookup(fact => fact.Forget is not null);
        IReadOnlyList<MemoryOperation> decided = !wishes[false].Any() ? [] : await LateWord.CheckAsync(
            versions, batch, await reconciler.PlanAsync(batch.Lease.Lane, [.. wishes[false]], cancellationToken), cancellationToken);
        IReadOnlyList<MemoryOperation> plan =
        [
            .. ruled.Barred.Select(fact => new MemoryOperation.None(null, fact with { Content = Tombstone.Text }, ForgetPlanner.Asked)),
            .. decided,
            .. await forgetting.PlanAsync(batch.Lease.Lane, wishes[true], cancellationToken),
        ];
        await KeepAsync(batch, new Checkpoint(batch.FirstSeq, batch.LastSeq, facts, new SavedPlan(batch.Lease.Version, reconciler.By, plan)), spent, cancellationToken);
        return plan;
    }

    private async Task KeepAsync(Batch batch, Checkpoint checkpoint, ModelUsage spent, CancellationToken cancellationToken)
    {
        FailPoint.Hit(FailPoint.AnswerUnsaved);
        await checkpoints.SaveAsync(batch, checkpoint, batch.Costs(spent), cancellationToken);
        FailPoint.Hit(FailPoint.PlanSaved);
    }

    private Authorship AuthorshipOf(Batch batch) => new(Authors.Worker, batch.By.Model, batch.By.PromptHash)
    {
        DecidedBy = reconciler.By.PromptHash is { } prompt ? $"{reconciler.By.Model} {prompt}" : null,
    };
}
