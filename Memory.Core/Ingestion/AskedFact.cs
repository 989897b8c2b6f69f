using Memory.Core.LongTerm;

namespace Memory.Core.Ingestion;

/// <summary>What somebody says who settles, deletes or takes back through the API: a word of its own, surer than any other.</summary>
internal static class AskedFact
{
    /// <summary>What the memory says, said by whoever asks.</summary>
    internal static Fact Of(MemoryRecord target, DateTimeOffset at) => target.ToFact("api", at) with { Confidence = 1, Trusted = true, SourceSeqs = [], ValidFrom = null };

    /// <summary>A word about memories that says nothing of its own.</summary>
    internal static Fact Silent(DateTimeOffset at) => new("", MemoryKind.Fact, null, Importance: 0, Confidence: 1, Trusted: true, Source: "api", SourceSeqs: [], at);
}
