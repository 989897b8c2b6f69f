namespace Memory.Api.Tests.Wire.Corpus;

/// <summary>Texts of every kind, in every place that takes one: kept to the letter, or refused.</summary>
internal static class TextCases
{
    /// <summary>As JSON writes them, without the quotation marks.</summary>
    private static readonly (string What, string Json)[] s_kept =
    [
        ("plain words", "User sings"), ("one letter", "x"), ("words in Greek", "Σίσυφος ΣΊΣΥΦΟΣ"), ("words from right to left", "مرحبا שלום"),
        ("words in Chinese", "日本語の歌"), ("words in Thai", "ฉันร้องเพลง"), ("an emoji", "🙂"), ("an emoji as escapes", "\\ud83d\\ude42"),
        ("a family of emojis", "👨‍👩‍👧‍👦"), ("a flag", "🇵🇹"), ("a letter with its accent apart", "Cafe\u0301"), ("a letter with its accent", "Caf\u00e9"),
        ("a dotless i", "ı İ"), ("sharp s", "ß ẞ"), ("ligatures", "ﬁ ﬂ"), ("zero-width characters", "a\u200bb\u200dc\ufeffd"),
        ("marks of direction", "a\u202eb\u202cc"), ("a private character", "\\ue000"), ("no character at all", "\\ufffe \\uffff"),
        ("the last code point", "\\udbff\\udfff"), ("control characters", "a\\u0001\\u001f\\u007fb"), ("line breaks", "a\\nb\\r\\nc"), ("separators of lines", "a\u2028b\u2029c"),
        ("a tab", "a\\tb"), ("quotation marks", "a\\\"b'c`d"), ("backslashes", "a\\\\b\\\\\\\\c"), ("percent signs", "100% _ %s %n %00"), ("an end of a statement", "'; drop table memories; --"),
        ("a comment of SQL", "/* x */ -- y"), ("a dollar quote", "$$ $1 $tag$"), ("markup", "<script>alert(1)</script>&amp;"), ("a template", "{{7*7}} ${x} {0}"),
        ("JSON in a text", "{\\\"a\\\":[1,null]}"), ("the word null", "null"), ("a NUL that is spelled out", "\\\\u0000"), ("many accents", "Z\u0351\u036b\u0343\u036a\u0302\u036b\u033d\u034f\u0334\u0319\u0324\u031e\u0349"),
    ];

    private static readonly (string What, string Json)[] s_refused =
    [
        ("a NUL", "a\\u0000b"), ("nothing but a NUL", "\\u0000"), ("half a surrogate pair", "a\\ud83d"), ("the other half", "\\ude42b"), ("halves in the wrong order", "\\ude42\\ud83d"),
        ("a half before a letter", "\\ud83dx"),
    ];

    internal static IEnumerable<InputCase> All()
    {
        foreach ((string what, string json) in s_kept)
        {
            string text = JsonDocumentText(json);
            foreach ((BodyRoute route, string body, Place where, _) in Places())
                yield return route.With(what, body.Replace("TEXT", json, StringComparison.Ordinal), new Outcome.Kept(where, where switch { Place.Owner => $"{text} USER", Place.Metadata => $"\"{json}\"", _ => text }));
            foreach (BodyRoute route in Questions())
                yield return route.With(what, route.Body.Replace("song", json, StringComparison.Ordinal), Outcome.Ok);
        }

        foreach ((string what, string json) in s_refused)
        {
            // Half a pair cannot be read as a text at all; a NUL can, and is refused for what it is.
            bool isNul = json.Contains("u0000", StringComparison.Ordinal);
            foreach ((BodyRoute route, string body, _, Outcome half) in Places())
                yield return route.With(what, body.Replace("TEXT", json, StringComparison.Ordinal), isNul ? Outcome.Input : half);
            foreach (BodyRoute route in Questions())
                yield return route.With(what, route.Body.Replace("song", json, StringComparison.Ordinal), isNul ? Outcome.Input : Outcome.Json);
        }

        foreach ((string what, string json) in ((string, string)[])[("nothing", ""), ("a blank", " "), ("blanks of many kinds", "\\t\\n \u00a0\u2003")])
        {
            yield return BodyRoute.Append.With(what, BodyRoute.Append.Body.Replace("I sing.", json, StringComparison.Ordinal), Outcome.Input);
            yield return BodyRoute.Add.With(what, BodyRoute.Add.Body.Replace("User sings", json, StringComparison.Ordinal), Outcome.Input);
            yield return BodyRoute.Import.With(what, BodyRoute.Import.Body.Replace("I sing.", json, StringComparison.Ordinal), Outcome.Input);
            yield return BodyRoute.Put.With(what, BodyRoute.Put.Body.Replace("User hums", json, StringComparison.Ordinal), Outcome.Input);
            foreach (BodyRoute route in Questions())
                yield return route.With(what, route.Body.Replace("song", json, StringComparison.Ordinal), Outcome.Input);
        }
    }

    private static IEnumerable<BodyRoute> Questions() => [BodyRoute.Search, BodyRoute.Recall, BodyRoute.Context];

    private static IEnumerable<(BodyRoute Route, string Body, Place Where, Outcome Half)> Places() =>
    [
        (BodyRoute.Add, BodyRoute.Add.Body.Replace("User sings", "TEXT", StringComparison.Ordinal), Place.Memory, Outcome.Input),
        (BodyRoute.Add, BodyRoute.Add.Body.Replace("\"infer\"", "\"metadata\":{\"k\":\"TEXT\"},\"infer\"", StringComparison.Ordinal), Place.Metadata, Outcome.Input),
        (BodyRoute.Add, BodyRoute.Add.Body.Replace("\"USER\"", "\"TEXT USER\"", StringComparison.Ordinal), Place.Owner, Outcome.Json),
        (BodyRoute.Append, BodyRoute.Append.Body.Replace("I sing.", "TEXT", StringComparison.Ordinal), Place.Message, Outcome.Json),
        (BodyRoute.Import, BodyRoute.Import.Body.Replace("I sing.", "TEXT", StringComparison.Ordinal), Place.Message, Outcome.Input),
        (BodyRoute.Put, BodyRoute.Put.Body.Replace("User hums", "TEXT", StringComparison.Ordinal), Place.Memory, Outcome.Json),
    ];

    private static string JsonDocumentText(string json) => System.Text.Json.JsonElement.Parse($"\"{json}\"").GetString()!;
}
