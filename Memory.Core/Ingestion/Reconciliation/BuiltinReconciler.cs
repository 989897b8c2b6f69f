using Memory.Core.Lanes;
using Memory.Core.LongTerm;

namespace Memory.Core.Ingestion.Reconciliation;

/// <summary>
/// Decides by rules what becomes of each fact, in order, as if each had come alone: a later fact of a batch sees what the
/// earlier ones left behind, and none sees a memory that would not have been fetched for it alone. So batching changes nothing.
/// </summary>
public sealed class BuiltinReconciler(MemoryStore store, TimeProvider time) : IReconciler
{
    public Distiller By => Distiller.Builtin;

    public async Task<IReadOnlyList<MemoryOperation>> PlanAsync(Lane lane, IReadOnlyList<Fact> facts, CancellationToken cancellationToken)
    {
        List<MemoryRecord> known = await store.MatchingAsync(
            lane, MemoryStore.DefaultCollection, [.. facts.SelectMany(Slots.Of).Distinct()], [.. facts.Select(fact => fact.Content).Distinct()],
            facts.Any(Slots.MayEndSomething) ? Slots.Endable : [], cancellationToken);
        return Plan(facts, known, time.GetUtcNow());
    }

    /// <param name="known">The memories that a fact of the batch could repeat, supersede or close.</param>
    internal static IReadOnlyList<MemoryOperation> Plan(IReadOnlyList<Fact> facts, IReadOnlyList<MemoryRecord> known, DateTimeOffset now)
    {
        var standing = new Standing(known);
        List<MemoryOperation> plan = [];
        foreach (Fact fact in facts.Where(fact => fact.Forget is null))
        {
            foreach (MemoryOperation operation in Decide(fact, Slots.Candidates(fact, standing.Memories), now))
            {
                standing.Apply(operation);
                plan.Add(operation);
            }
        }

        return plan;
    }

    private static IReadOnlyList<MemoryOperation> Decide(Fact fact, IReadOnlyList<MemoryRecord> candidates, DateTimeOffset now)
    {
        List<MemoryRecord> slot = [.. candidates.Where(memory => fact.Attribute is not null && memory.Attribute == fact.Attribute)
            .OrderByDescending(memory => memory.Trusted).ThenByDescending(memory => memory.UpdatedAt).ThenBy(memory => memory.Content, StringComparer.Ordinal)];
        if (fact.IsFixed && slot.Count > 0 && FixedValue.Decide(fact, slot, now) is { } value)
            return value;
        if (Repetition.Of(fact, candidates, now) is { } repetition)
            return [repetition];
        if (ProgressStep.Decide(fact, candidates, now) is { } step)
            return step;
        if (slot.Count > 0)
            return InSlot(fact, slot[0], candidates, now);
        if (Closing.Decide(fact, candidates) is { } closing)
            return closing;
        if (Denials.Decide(fact, candidates, now) is { } contradiction)
            return contradiction;
        return Beside(New(fact with { Stage = fact.Kind == MemoryKind.Progress ? fact.Stage : null }, now), fact, candidates);
    }

    internal static MemoryOperation.Add New(Fact fact, DateTimeOffset now) => new(new MemoryId(Guid.CreateVersion7(now)), fact, "new");

    private static IReadOnlyList<MemoryOperation> InSlot(Fact fact, MemoryRecord older, IReadOnlyList<MemoryRecord> candidates, DateTimeOffset now)
    {
        if (older.Trusted && !fact.Trusted)
            return [New(fact with { Attribute = null }, now)];
        if (older.UpdatedAt > fact.At)
            return [new MemoryOperation.None(older.Id, fact, $"older than what is known of {fact.Attribute}") { OwnReason = "older than what is known" }];
        if (Slots.SaysTheSame(fact, older))
            return [new MemoryOperation.None(older.Id, fact, "already known in other words") { IsRestated = Repetition.Confirms(fact, older) }];
        // "No longer lives in Leeds" takes nothing from who lives in Lisbon.
        if (Slots.EndsAnother(fact, older))
            return [New(fact with { Attribute = null }, now)];
        var update = new MemoryOperation.Update(older, Relabelled.As(older, fact) with { Stage = null }, $"newer word on {fact.Attribute}") { OwnReason = "newer word on the same" };
        return Beside(update, fact, candidates);
    }

    // A new job also ends the occupation that was told apart from it.
    private static IReadOnlyList<MemoryOperation> Beside(MemoryOperation operation, Fact fact, IReadOnlyList<MemoryRecord> candidates)
    {
        MemoryId? by = operation switch { MemoryOperation.Add add => add.Id, MemoryOperation.Update update => update.Target.Id, _ => null };
        return
        [
            operation,
            .. candidates.Where(memory => memory.Id != by && Slots.Displaces(fact, memory)).Select(memory =>
                new MemoryOperation.Delete(memory, fact, $"newer word on {memory.Attribute}") { OwnReason = "newer word on the same", SupersededBy = by }),
        ];
    }
}
