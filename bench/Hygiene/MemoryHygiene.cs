using System.Text.RegularExpressions;
using Memory.Core.LongTerm;
using Memory.Models.Builtin;

namespace Memory.Bench.Hygiene;

/// <summary>What of a set of memories nobody needs: what says the same twice, and what says nothing.</summary>
internal sealed partial record MemoryHygiene(int Memories, int Exact, IReadOnlyList<string> Near, IReadOnlyList<string> Junk)
{
    /// <summary>Share of the words of both together that both have (Jaccard), from which on two are near duplicates.</summary>
    internal const double NearFrom = 0.8;

    private const int FewestWords = 3;

    [GeneratedRegex(@"^(?:hi|hello|hey|thanks|thank you|bye|good (?:morning|evening|night)|wow|great|cool|ok|okay|yes|no|sure|haha)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Greeting { get; }

    internal static MemoryHygiene Of(IReadOnlyList<(string Owner, string Content)> memories)
    {
        int exact = memories.Count - memories.DistinctBy(memory => (memory.Owner, ContentHash.HexOf(memory.Content))).Count();
        List<string> near = [];
        foreach (IGrouping<string, (string Owner, string Content)> own in memories.GroupBy(memory => memory.Owner))
        {
            List<HashSet<string>> before = [];
            foreach (string content in own.Select(memory => memory.Content))
            {
                HashSet<string> words = [.. EnglishWords.Split(content).Where(word => !EnglishWords.IsStopWord(word)).Select(EnglishWords.Stem)];
                if (before.Exists(other => Jaccard(words, other) >= NearFrom))
                    near.Add(content);
                before.Add(words);
            }
        }

        return new MemoryHygiene(memories.Count, exact, near, [.. memories.Select(memory => memory.Content).Where(IsJunk)]);
    }

    private static bool IsJunk(string content) =>
        content.EndsWith('?') || Greeting.IsMatch(content) || content.Split(' ').Length < FewestWords || EnglishWords.Split(content).All(EnglishWords.IsStopWord);

    private static double Jaccard(HashSet<string> one, HashSet<string> other)
    {
        int both = one.Count(other.Contains);
        return both == 0 ? 0 : (double)both / (one.Count + other.Count - both);
    }
}
