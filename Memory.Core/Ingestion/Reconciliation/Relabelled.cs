using Memory.Core.Ingestion.Extraction;
using Memory.Core.LongTerm;

namespace Memory.Core.Ingestion.Reconciliation;

/// <summary>A newer word that says "Rosa" where the older says "User's sister Rosa": who she is stays known.</summary>
internal static class Relabelled
{
    internal static Fact As(MemoryRecord older, Fact fact)
    {
        int owner = older.Content.IndexOf("'s ", StringComparison.Ordinal);
        if (owner <= 0)
            return fact;
        string speaker = older.Content[..owner];
        (Subject known, _) = Subject.Of(older.Content, speaker);
        (Subject said, _) = Subject.Of(fact.Content, speaker);
        if (known.Tie is not { } tie || said.Name != known.Name || said.Role is not null)
            return fact;
        return fact with
        {
            Content = known.Label + fact.Content[said.Label.Length..],
            Relations = [tie, .. fact.Relations],
        };
    }
}
