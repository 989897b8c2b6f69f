namespace Memory.Models.Builtin;

/// <summary>Turns verbs between "I work" and "User works", both ways.</summary>
public static class EnglishVerbs
{
    /// <summary>A pattern of what may stand between subject and verb: "rarely" in "I rarely eat meat", but not "rely".</summary>
    public const string Adverb =
        "(?:no longer|also|just|often|always|never|ever|now|currently|still|sometimes|already|almost|once|even|both|seldom|only|mostly|"
        + "(?!(?:rely|apply|fly|reply|supply|comply|imply|bully|multiply|rally|tally|ally)\\b)[A-Za-z]+ly)";

    private static readonly Dictionary<string, string> s_irregular = new(StringComparer.OrdinalIgnoreCase)
    {
        ["am"] = "is", ["have"] = "has", ["do"] = "does", ["go"] = "goes", ["don't"] = "doesn't", ["haven't"] = "hasn't",
        ["was"] = "was", ["were"] = "was", ["can"] = "can", ["will"] = "will", ["would"] = "would", ["should"] = "should", ["must"] = "must",
        ["could"] = "could", ["might"] = "might", ["may"] = "may", ["can't"] = "can't", ["won't"] = "won't", ["didn't"] = "didn't",
        ["shall"] = "shall", ["cannot"] = "cannot", ["ought"] = "ought",
    };

    private static readonly Dictionary<string, string> s_irregularBack =
        s_irregular.Where(pair => pair.Key != "was").GroupBy(pair => pair.Value).ToDictionary(pairs => pairs.Key, pairs => pairs.Last().Key, StringComparer.OrdinalIgnoreCase);

    /// <summary>"work" → "works", "am" → "is"; past forms and modals stay as they are.</summary>
    public static string ToThirdPerson(string verb)
    {
        if (s_irregular.TryGetValue(verb, out string? known))
            return known;
        if (IsPast(verb) || verb.EndsWith("n't", StringComparison.OrdinalIgnoreCase))
            return verb;
        if (verb.EndsWith('y') && verb.Length > 1 && !IsVowel(verb[^2]))
            return verb[..^1] + "ies";
        return verb.EndsWith('s') || verb.EndsWith('x') || verb.EndsWith('z') || verb.EndsWith("ch", StringComparison.Ordinal) || verb.EndsWith("sh", StringComparison.Ordinal) || verb.EndsWith('o')
            ? verb + "es"
            : verb + "s";
    }

    /// <summary>"works" → "work", "is" → "are" (as said to "you"); words that are no third person stay as they are.</summary>
    public static string ToSecondPerson(string verb)
    {
        if (verb is "is")
            return "are";
        if (verb is "isn't")
            return "aren't";
        if (verb is "was")
            return "were";
        if (s_irregularBack.TryGetValue(verb, out string? known))
            return known;
        if (verb.EndsWith("ies", StringComparison.Ordinal) && verb.Length > 4)
            return verb[..^3] + "y";
        if (verb.EndsWith("sses", StringComparison.Ordinal) || verb.EndsWith("ches", StringComparison.Ordinal) || verb.EndsWith("shes", StringComparison.Ordinal) || verb.EndsWith("xes", StringComparison.Ordinal))
            return verb[..^2];
        return verb.EndsWith('s') && !verb.EndsWith("ss", StringComparison.Ordinal) ? verb[..^1] : verb;
    }

    private static readonly HashSet<string> s_past = new(StringComparer.OrdinalIgnoreCase)
    {
        "went", "got", "had", "did", "made", "took", "came", "saw", "met", "bought", "began", "left", "moved", "found", "gave", "lost",
        "won", "told", "thought", "felt", "kept", "ran", "sold", "built", "wrote", "read", "broke", "chose", "grew", "knew", "led", "paid",
        "said", "spent", "taught", "wore", "became", "brought", "drove", "ate", "drank", "fell", "flew", "heard", "held", "sent", "slept",
        "spoke", "stood", "swam", "understood", "used", "quit", "put", "set", "cut", "hurt", "let", "hit", "caught", "forgot", "been",
        "woke", "sang", "sat", "shot", "shook", "shut", "sank", "slid", "stole", "stuck", "stung", "struck", "swore", "swept", "swung",
        "threw", "wept", "withdrew", "bent", "bet", "bit", "bled", "blew", "bore", "bound", "bred", "burnt", "clung", "cost", "crept",
        "dealt", "dreamt", "drew", "dug", "fed", "fled", "forgave", "fought", "froze", "ground", "hid", "hung", "knelt", "laid",
        "leant", "learnt", "lent", "lit", "meant", "mistook", "overcame", "overslept", "proved", "rang", "rode", "rose", "rebuilt",
        "sought", "shone", "shrank", "spelt", "spilt", "split", "spun", "spread", "sprang", "tore", "upset", "undertook", "wound",
    };

    /// <summary>Whether a word is the past form of a verb, as far as its form tells.</summary>
    public static bool IsPast(string verb) =>
        s_past.Contains(verb) || (verb.Length > 3 && verb.EndsWith("ed", StringComparison.OrdinalIgnoreCase) && !verb.EndsWith("eed", StringComparison.OrdinalIgnoreCase));

    private static bool IsVowel(char c) => c is 'a' or 'e' or 'i' or 'o' or 'u';
}
