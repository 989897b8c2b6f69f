using System.Text;

namespace Memory.Models.Builtin;

/// <summary>What the builtin provider knows of English: where words end, which of them say little, and what they stem from.</summary>
public static class EnglishWords
{
    private static readonly HashSet<string> s_stopWords = new(StringComparer.Ordinal)
    {
        "a", "about", "after", "all", "also", "am", "an", "and", "any", "are", "as", "at", "be", "because", "been", "before", "being",
        "but", "by", "can", "could", "did", "do", "does", "doing", "done", "for", "from", "get", "got", "had", "has", "have", "having",
        "he", "her", "here", "hers", "him", "his", "how", "i", "if", "in", "into", "is", "it", "its", "just", "let", "like", "me", "more",
        "most", "my", "myself", "no", "not", "now", "of", "off", "on", "one", "only", "or", "our", "out", "over", "own", "please", "really",
        "say", "she", "should", "so", "some", "such", "tell", "than", "that", "the", "their", "them", "then", "there", "these", "they",
        "this", "those", "to", "too", "up", "us", "user", "very", "was", "we", "were", "what", "when", "where", "which", "while", "who",
        "whom", "whose", "why", "will", "with", "would", "you", "your", "yours", "s", "t", "m", "re", "ve", "ll", "d",
    };

    /// <summary>Lower-case words of letters and digits; an apostrophe ends a word.</summary>
    public static IEnumerable<string> Split(string text)
    {
        var word = new StringBuilder();
        foreach (char c in CompatibleText.Of(text))
        {
            if (char.IsLetterOrDigit(c))
            {
                word.Append(char.ToLowerInvariant(c));
            }
            else if (word.Length > 0)
            {
                yield return word.ToString();
                word.Clear();
            }
        }

        if (word.Length > 0)
            yield return word.ToString();
    }

    public static bool IsStopWord(string word) => s_stopWords.Contains(word);

    /// <summary>How telling a word is, 0..1, without having seen any corpus: stop words hardly, short words less than long ones.</summary>
    public static float Weight(string word) => IsStopWord(word) ? 0.05f : word.Length <= 3 ? 0.8f : 1f;

    /// <summary>A crude stem: plural and verb endings off, so that "works", "working" and "worked" meet.</summary>
    public static string Stem(string word)
    {
        if (word.Length > 4 && word.EndsWith("ies", StringComparison.Ordinal))
            return word[..^3] + "y";
        if (word.Length > 5 && word.EndsWith("ing", StringComparison.Ordinal))
            return Undouble(word[..^3]);
        if (word.Length > 4 && word.EndsWith("ed", StringComparison.Ordinal))
            return Undouble(word[..^2]);
        if (word.Length > 4 && (word.EndsWith("sses", StringComparison.Ordinal) || word.EndsWith("ches", StringComparison.Ordinal) || word.EndsWith("shes", StringComparison.Ordinal) || word.EndsWith("xes", StringComparison.Ordinal)))
            return word[..^2];
        if (word.Length > 3 && word.EndsWith("oes", StringComparison.Ordinal))
            return word[..^2];
        if (word.Length > 3 && word[^1] == 's' && word[^2] is not ('s' or 'u' or 'i'))
            return Undouble(word[..^1]);
        return Undouble(word);
    }

    // "stopped" -> "stop", and "live", "lived", "living" -> "liv".
    private static string Undouble(string stem)
    {
        if (stem.Length > 3 && stem[^1] == 'e')
            return stem[..^1];
        return stem.Length > 3 && stem[^1] == stem[^2] && stem[^1] is not ('l' or 's' or 'o' or 'e') ? stem[..^1] : stem;
    }
}
