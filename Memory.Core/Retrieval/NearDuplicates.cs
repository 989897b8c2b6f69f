using System.Text.RegularExpressions;
using Memory.Core.LongTerm;

namespace Memory.Core.Retrieval;

/// <summary>
/// Folds what says the same in nearly the same words: the better one stays. Two that differ in a number, a name or a "not" say
/// different things, and so do two that contradict each other.
/// </summary>
internal static partial class NearDuplicates
{
    private static readonly HashSet<string> s_denials = new(StringComparer.Ordinal) { "not", "no", "never", "t", "without", "nor", "cannot", "stopped", "longer" };

    /// <summary>A word in capitals that does not open the text.</summary>
    [GeneratedRegex(@"(?<!^)\b\p{Lu}[\p{L}\p{Nd}]*")]
    private static partial Regex Name { get; }

    /// <summary>Share of words two texts must have in common, of all they have.</summary>
    private const double Same = 0.85;

    /// <summary>So many of the best are compared; what stands below them is seldom shown.</summary>
    private const int Compared = 100;

    /// <param name="items">Best first.</param>
    /// <param name="apart">Pairs that are not to be folded.</param>
    internal static IEnumerable<RecallItem> Fold(IEnumerable<RecallItem> items, IReadOnlyCollection<Contradiction> apart)
    {
        List<(RecallItem Item, HashSet<string> Words, HashSet<string> Names)> kept = [];
        foreach (RecallItem item in items)
        {
            if (kept.Count < Compared)
            {
                HashSet<string> words = [.. ContentHash.Normalize(item.Content).Split(' ')];
                HashSet<string> names = [.. Name.Matches(item.Content).Select(name => name.Value.ToLowerInvariant())];
                if (kept.Any(other => AreSame(words, other.Words, [.. names, .. other.Names]) && !Contradict(item, other.Item, apart)))
                    continue;
                kept.Add((item, words, names));
            }

            yield return item;
        }
    }

    private static bool AreSame(HashSet<string> one, HashSet<string> other, HashSet<string> names)
    {
        int common = one.Count(other.Contains);
        return common >= Same * (one.Count + other.Count - common)
            && !one.Except(other).Concat(other.Except(one)).Any(word => word.Any(char.IsDigit) || names.Contains(word) || s_denials.Contains(word));
    }

    private static bool Contradict(RecallItem one, RecallItem other, IReadOnlyCollection<Contradiction> apart) =>
        apart.Any(pair => (pair.Memory.Value == one.Id && pair.Other.Id.Value == other.Id) || (pair.Memory.Value == other.Id && pair.Other.Id.Value == one.Id));
}
