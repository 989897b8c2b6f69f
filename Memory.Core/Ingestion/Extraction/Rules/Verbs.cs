using Memory.Models.Builtin;

namespace Memory.Core.Ingestion.Extraction.Rules;

/// <summary>What the patterns of the rules share: how a predicate begins.</summary>
internal static class Verbs
{
    /// <summary>Behind "would", "used to" or "no longer" nothing is said to be so: no pattern begins there.</summary>
    internal const string Does = $"^ (?:(?!never |hardly |no longer ){EnglishVerbs.Adverb} )*";

    /// <summary>"no longer likes", "doesn't like … any more", "stopped liking", "used to like".</summary>
    internal const string NoMore = @"(?:no longer|used to|stopped|quit|gave up|has (?:stopped|quit|given up)|went off|has gone off|doesn't|does not|don't|isn't|hasn't|can't)";

    /// <summary>"-s", "-ing" or "to -" of it, as a key: "running" and "runs" are one.</summary>
    internal static string Gerund(string verb)
    {
        string lower = verb.ToLowerInvariant();
        if (lower.EndsWith("ing", StringComparison.Ordinal))
            return lower;
        string plain = EnglishVerbs.ToSecondPerson(lower) switch { "are" => "be", var other => other };
        return plain.EndsWith("ie", StringComparison.Ordinal) ? plain[..^2] + "ying"
            : plain.EndsWith('e') && !plain.EndsWith("ee", StringComparison.Ordinal) && plain.Length > 2 ? plain[..^1] + "ing"
            : IsDoubled(plain) ? plain + plain[^1] + "ing"
            : plain + "ing";
    }

    // One short vowel before one consonant: "run", "jog", "swim".
    private static bool IsDoubled(string verb) =>
        verb.Length is 3 or 4 && IsVowel(verb[^2]) && !IsVowel(verb[^1]) && verb[^1] is not ('w' or 'x' or 'y') && !IsVowel(verb[^3]);

    private static bool IsVowel(char c) => c is 'a' or 'e' or 'i' or 'o' or 'u';
}
