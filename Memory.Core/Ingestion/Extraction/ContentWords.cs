using Memory.Models.Builtin;

namespace Memory.Core.Ingestion.Extraction;

/// <summary>The words of a text that carry what it is about, in one form each: "ran", "running" and "runs" are one word.</summary>
internal static class ContentWords
{
    private static readonly HashSet<string> s_empty = new(StringComparer.Ordinal)
    {
        "want", "need", "goal", "wish", "hope", "plan", "aim", "still", "again", "back", "today", "tomorrow", "yesterday", "week", "month", "year", "day", "weekend", "time", "finally",
        "able", "going", "go", "would", "must", "shall", "may", "might", "their", "them", "they", "thing", "things", "something", "new", "current", "always", "soon", "later", "by", "before", "until",
        "through", "around", "without", "within", "never", "every", "each", "much", "many", "lot", "bit", "also", "even", "ever", "yet", "already", "now", "since", "next", "last", "well", "good", "great", "try", "remember", "forget",
    };

    private static readonly Dictionary<string, string> s_base = new(StringComparer.Ordinal)
    {
        ["ran"] = "run", ["went"] = "go", ["gone"] = "go", ["wrote"] = "write", ["written"] = "write", ["bought"] = "buy", ["swam"] = "swim", ["built"] = "build", ["made"] = "make", ["got"] = "get",
        ["found"] = "find", ["lost"] = "lose", ["spoke"] = "speak", ["taught"] = "teach", ["sold"] = "sell", ["gave"] = "give", ["given"] = "give", ["drove"] = "drive", ["driven"] = "drive", ["flew"] = "fly",
        ["paid"] = "pay", ["sent"] = "send", ["took"] = "take", ["taken"] = "take", ["told"] = "tell", ["began"] = "begin", ["met"] = "meet", ["left"] = "leave", ["became"] = "become", ["won"] = "win",
        ["saw"] = "see", ["seen"] = "see", ["ate"] = "eat", ["eaten"] = "eat", ["drank"] = "drink", ["grew"] = "grow", ["grown"] = "grow", ["rode"] = "ride", ["sang"] = "sing", ["brought"] = "bring",
        ["thought"] = "think", ["kept"] = "keep", ["knew"] = "know", ["spent"] = "spend", ["learnt"] = "learn", ["fixed"] = "fix", ["rang"] = "ring", ["chose"] = "choose", ["sewn"] = "sew", ["drew"] = "draw",
        ["replied"] = "reply", ["dealt"] = "deal", ["held"] = "hold", ["slept"] = "sleep", ["caught"] = "catch", ["hung"] = "hang", ["dug"] = "dig", ["did"] = "do", ["done"] = "do", ["gotten"] = "get", ["picked"] = "pick",
        ["phone"] = "call", ["ring"] = "call", ["phoned"] = "call", ["rung"] = "call", ["licence"] = "license",
    };

    /// <summary>Distinct, in the order they stand; numbers count.</summary>
    internal static IReadOnlyList<string> Of(string text) =>
        [.. EnglishWords.Split(text).Where(word => !EnglishWords.IsStopWord(word) && !s_empty.Contains(word)).Select(Form).Distinct()];

    /// <summary>The first of them, as a name for what the text is about.</summary>
    internal static string Key(string text, int most) => string.Join(' ', Of(text).Take(most));

    /// <summary>Which share of the first's words the second has too, 0..1.</summary>
    internal static double Covered(IReadOnlyCollection<string> words, IReadOnlyCollection<string> by) =>
        words.Count == 0 ? 0 : (double)words.Count(by.Contains) / words.Count;

    /// <summary>The one form of a word.</summary>
    internal static string Form(string word)
    {
        string known = s_base.GetValueOrDefault(word, word);
        string stem = EnglishWords.Stem(known);
        return s_base.GetValueOrDefault(stem, stem);
    }
}
