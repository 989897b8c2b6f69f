using Memory.Core.LongTerm;

namespace Memory.Core.Ingestion.Reconciliation;

/// <summary>What becomes of a fact that says what a memory says: nothing, unless that memory has expired.</summary>
internal static class Repetition
{
    /// <returns>Null: no memory says it word for word.</returns>
    internal static MemoryOperation? Of(Fact fact, IEnumerable<MemoryRecord> known, DateTimeOffset now)
    {
        string hash = ContentHash.HexOf(fact.Content);
        return known.FirstOrDefault(memory => memory.ContentHash == hash) is not { } same ? null
            : same.HasExpired(now) && Confirms(fact, same) ? new MemoryOperation.Update(same, fact, "expired, and said again")
            : new MemoryOperation.None(same.Id, fact, "already known") { IsRestated = Confirms(fact, same) };
    }

    /// <summary>
    /// Whether a fact that says what a memory says is evidence for it. What was merely read neither renews nor confirms what
    /// the person said, and no message says the same twice.
    /// </summary>
    internal static bool Confirms(Fact fact, MemoryRecord memory) =>
        (fact.Trusted || !memory.Trusted) && (fact.SourceSeqs.Count == 0 || !fact.SourceSeqs.All(memory.SourceSeqs.Contains));
}
