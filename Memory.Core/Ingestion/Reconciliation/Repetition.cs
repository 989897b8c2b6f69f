using Memory.Core.LongTerm;

namespace Memory.Core.Ingestion.Reconciliation;

/// <summary>What becomes of a fact that says word for word what a memory says: nothing, unless that memory has expired.</summary>
internal static class Repetition
{
    /// <returns>Null: no memory says it.</returns>
    internal static MemoryOperation? Of(Fact fact, IEnumerable<MemoryRecord> known, DateTimeOffset now)
    {
        string hash = ContentHash.HexOf(fact.Content);
        return known.FirstOrDefault(memory => memory.ContentHash == hash) is not { } same ? null
            : same.HasExpired(now) ? new MemoryOperation.Update(same, fact, "expired, and said again")
            : new MemoryOperation.None(same.Id, fact, "already known");
    }
}
