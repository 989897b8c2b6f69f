using Memory.Core.History;
using Memory.Core.LongTerm;

namespace Memory.Core.Ingestion;

/// <summary>
/// A dead letter that is tried again speaks of the time at which it was said: what was changed or deleted since is not
/// brought back by it.
/// </summary>
internal static class LateWord
{
    internal static async Task<IReadOnlyList<MemoryOperation>> CheckAsync(
        VersionLog versions, Batch batch, IReadOnlyList<MemoryOperation> plan, CancellationToken cancellationToken)
    {
        byte[][] brought = [.. plan.OfType<MemoryOperation.Add>().Select(add => ContentHash.Of(add.Fact.Content))];
        if (!batch.IsReplay || brought.Length == 0)
            return plan;
        List<KnownText> known = await versions.KnownAsync(batch.Lease.Lane, brought, [], cancellationToken);
        return [.. plan.Select(operation =>
            operation is MemoryOperation.Add && Overtaken(operation.Fact, batch, known) is { } memory
                ? new MemoryOperation.None(memory, operation.Fact, "changed or deleted since it was said")
                : operation)];
    }

    private static MemoryId? Overtaken(Fact fact, Batch batch, List<KnownText> known) =>
        known.Find(one => one.Hash == ContentHash.HexOf(fact.Content) && one.KnownTo > batch.Episodes[0].RecordedAt)?.Memory;
}
