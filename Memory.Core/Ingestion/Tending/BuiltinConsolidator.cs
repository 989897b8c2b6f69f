using Memory.Models.Builtin;

namespace Memory.Core.Ingestion.Tending;

/// <summary>
/// Judges pairs by their words: the same telling words in the same order say the same, unless one of them denies it.
/// Whatever differs by a name, a number, a tense or who is whose is left alone.
/// </summary>
public sealed class BuiltinConsolidator : IConsolidator
{
    private static readonly HashSet<string> s_denials = ["not", "no", "never", "without", "neither", "nor", "hardly"];

    // Only what changes nothing: "likes" and "has" say two things of tea.
    private static readonly HashSet<string> s_fillers =
        ["user", "the", "a", "an", "really", "very", "just", "also", "so", "quite", "do", "does", "is", "am", "are", "that", "s"];

    public Distiller By => Distiller.Builtin;

    public Task<IReadOnlyList<(PairVerdict Verdict, string Reason)>> JudgeAsync(IReadOnlyList<ClosePair> pairs, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<(PairVerdict, string)>>([.. pairs.Select(Judge)]);

    private static (PairVerdict Verdict, string Reason) Judge(ClosePair pair)
    {
        if (pair.Similarity is null)
            return (PairVerdict.Contradictory, $"two values of {pair.Older.Attribute}");
        List<string> older = Telling(pair.Older.Content), newer = Telling(pair.Newer.Content);
        return older.SequenceEqual(newer) ? (PairVerdict.Same, "the same in other words")
            : older.Exists(s_denials.Contains) != newer.Exists(s_denials.Contains) && Undenied(older).SequenceEqual(Undenied(newer)) ? (PairVerdict.Contradictory, "one denies the other")
            : (PairVerdict.Distinct, "");
    }

    // Not their stems: who worked there does not work there. But "does not like" denies "likes".
    private static List<string> Telling(string text)
    {
        List<string> telling = [];
        var isHelped = false;
        foreach (string word in EnglishWords.Split(InFull(text)))
        {
            bool isFiller = s_fillers.Contains(word), isDenial = s_denials.Contains(word);
            if (!isFiller)
                telling.Add(isHelped && !isDenial ? EnglishVerbs.ToThirdPerson(word) : word);
            isHelped = word is "do" or "does" || (isHelped && (isFiller || isDenial));
        }

        return telling;
    }

    private static IEnumerable<string> Undenied(List<string> telling) => telling.Where(word => !s_denials.Contains(word));

    // "doesn't" → "does not"
    private static string InFull(string text) => text.Replace('’', '\'')
        .Replace("can't", "can not", StringComparison.OrdinalIgnoreCase)
        .Replace("n't", " not", StringComparison.OrdinalIgnoreCase);
}
