using Memory.Core.Lanes;
using Memory.Core.LongTerm;

namespace Memory.Core.Ingestion.Reconciliation;

/// <summary>
/// Decides by rules what becomes of each fact, in order, as if each had come alone: a later fact of a batch sees what the
/// earlier ones left behind, so that batching changes nothing.
/// </summary>
public sealed class BuiltinReconciler(MemoryStore store, TimeProvider time) : IReconciler
{
    public Distiller By => Distiller.Builtin;

    public async Task<IReadOnlyList<MemoryOperation>> PlanAsync(Lane lane, IReadOnlyList<Fact> facts, CancellationToken cancellationToken)
    {
        List<MemoryRecord> known = await store.MatchingAsync(lane, MemoryStore.DefaultCollection, facts, cancellationToken);
        return Plan(facts, known, time.GetUtcNow());
    }

    /// <param name="known">The memories that a fact of the batch could repeat or supersede.</param>
    internal static IReadOnlyList<MemoryOperation> Plan(IReadOnlyList<Fact> facts, IReadOnlyList<MemoryRecord> known, DateTimeOffset now)
    {
        List<MemoryRecord> current = [.. known];
        List<MemoryOperation> plan = [];
        foreach (Fact fact in facts)
        {
            MemoryOperation operation = Decide(fact, current, now);
            Remember(operation, current);
            plan.Add(operation);
        }

        return plan;
    }

    private static MemoryOperation Decide(Fact fact, List<MemoryRecord> current, DateTimeOffset now)
    {
        // By the hash alone: it is also what fetched the known ones, so a batch cannot see a likeness that single messages would miss.
        if (Repetition.Of(fact, current, now) is { } repetition)
            return repetition;

        if (fact.Attribute is not null && current.Find(memory => memory.Attribute == fact.Attribute) is { } older)
        {
            return older.UpdatedAt > fact.At
                ? new MemoryOperation.None(older.Id, fact, $"older than what is known of {fact.Attribute}") { OwnReason = "older than what is known" }
                : new MemoryOperation.Update(older, fact, $"newer word on {fact.Attribute}") { OwnReason = "newer word on the same" };
        }

        return new MemoryOperation.Add(new MemoryId(Guid.CreateVersion7(now)), fact, "new");
    }

    private static void Remember(MemoryOperation operation, List<MemoryRecord> current)
    {
        switch (operation)
        {
            case MemoryOperation.Add add:
                current.Add(AsRecord(add.Id, 1, add.Fact, add.Fact.At));
                break;
            case MemoryOperation.Update update:
                current[current.IndexOf(update.Target)] = AsRecord(update.Target.Id, update.Target.Version + 1, update.Fact, update.Target.CreatedAt);
                break;
        }
    }

    private static MemoryRecord AsRecord(MemoryId id, int version, Fact fact, DateTimeOffset createdAt) => new(
        id, default, MemoryStore.DefaultCollection, version, fact.Kind, fact.Attribute, fact.Content,
        ContentHash.HexOf(fact.Content), fact.Importance, fact.Confidence, fact.Trusted, fact.Categories, fact.Metadata,
        [], [], [], fact.ValidFrom, fact.ExpiresOn, createdAt, fact.At, fact.SourceSeqs);
}
