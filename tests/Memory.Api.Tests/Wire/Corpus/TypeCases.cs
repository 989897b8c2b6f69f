namespace Memory.Api.Tests.Wire.Corpus;

/// <summary>Values of another type than the field's, and numbers at their edges.</summary>
internal static class TypeCases
{
    private static readonly string[] s_all = ["\"x\"", "7", "true", "[]", "{}", "[null]", "{\"a\":1}"];

    internal static IEnumerable<InputCase> All()
    {
        foreach (string value in s_all.Except(["true"]))
            yield return Add("infer", value, Outcome.Json);
        foreach (string value in s_all.Except(["[null]", "\"x\""]))
            yield return BodyRoute.Add.With("messages", $$"""{"user_id":"USER","infer":false,"messages":{{value}}}""", Outcome.Input);
        yield return BodyRoute.Add.With("one message as a text", """{"user_id":"USER","infer":false,"messages":"x"}""", new Outcome.Kept(Place.Memory, "x"));
        foreach (string value in s_all.Except(["{}", "{\"a\":1}"]))
        {
            yield return Add("metadata", value, Outcome.Input);
            yield return BodyRoute.Put.With("metadata", $$"""{"metadata":{{value}}}""", Outcome.Input);
        }

        foreach (string value in s_all.Except(["\"x\""]))
        {
            yield return BodyRoute.Put.With("text", $$"""{"text":{{value}}}""", Outcome.Json);
            yield return BodyRoute.Append.With("role", $$"""{"scope":{"user_id":"USER"},"messages":[{"role":{{value}},"content":"x"}]}""", Outcome.Json);
            yield return BodyRoute.Append.With("content", $$"""{"scope":{"user_id":"USER"},"messages":[{"role":"user","content":{{value}} }]}""", Outcome.Json);
            yield return BodyRoute.Import.With("content", $$"""{"user_id":"USER","role":"user","content":{{value}}}""", Outcome.Input);
            yield return BodyRoute.Search.With("query", $$"""{"query":{{value}},"filters":{"user_id":"USER"} }""", Outcome.Json);
            yield return BodyRoute.Recall.With("query", $$"""{"query":{{value}},"scope":{"user_id":"USER"} }""", Outcome.Json);
            yield return BodyRoute.Forget.With("about", $$"""{"user_id":"USER","preview":true,"about":{{value}}}""", Outcome.Json);
            yield return BodyRoute.Key.With("label", $$"""{"label":{{value}}}""", Outcome.Json);
        }

        foreach (string value in s_all.Except(["7"]).Concat(["7.5", "1e2147483648", "2147483648", "-2147483649", "\"7\"", "1e1"]))
        {
            yield return BodyRoute.Search.With("top_k", $$"""{"query":"song","filters":{"user_id":"USER"},"top_k":{{value}}}""", Outcome.Json);
            yield return BodyRoute.Recall.With("limit", $$"""{"query":"song","scope":{"user_id":"USER"},"limit":{{value}}}""", Outcome.Json);
            yield return BodyRoute.List.With("page", $$"""{"filters":{"user_id":"USER"},"page":{{value}}}""", Outcome.Json);
            yield return BodyRoute.Rollback.With("version", $$"""{"version":{{value}}}""", Outcome.Json);
        }

        foreach (string value in s_all.Except(["7"]))
            yield return BodyRoute.Search.With("threshold", $$"""{"query":"song","filters":{"user_id":"USER"},"threshold":{{value}}}""", Outcome.Json);
        foreach ((string value, bool fits) in ((string, bool)[])[("0", true), ("1", true), ("1.0e0", true), ("0.30000000000000004", true), ("-0.0", true), ("1.0000001", false), ("-0.1", false), ("7", false), ("1e308", false)])
            yield return BodyRoute.Search.With("threshold", $$"""{"query":"song","filters":{"user_id":"USER"},"threshold":{{value}}}""", fits ? Outcome.Ok : Outcome.Input);
        foreach (string value in (string[])["\"x\"", "7", "true", "{}", "[7]", "[{}]"])
            yield return BodyRoute.Recall.With("include", $$"""{"query":"song","scope":{"user_id":"USER"},"include":{{value}}}""", Outcome.Json);
        foreach (string value in (string[])["\"x\"", "7", "true", "[]"])
        {
            yield return BodyRoute.Append.With("scope", $$"""{"scope":{{value}},"messages":[{"role":"user","content":"x"}]}""", Outcome.Json);
            yield return BodyRoute.Recall.With("scope", $$"""{"scope":{{value}},"query":"song"}""", Outcome.Json);
        }

        foreach (string value in (string[])["\"x\"", "7", "true", "[\"x\"]", "[7]", "{}"])
            yield return BodyRoute.Append.With("messages", $$"""{"scope":{"user_id":"USER"},"messages":{{value}}}""", Outcome.Json);
        foreach (string role in (string[])["", " ", "USER", "developer", "User", "user "])
        {
            yield return BodyRoute.Append.With("a role nobody knows", $$"""{"scope":{"user_id":"USER"},"messages":[{"role":"{{role}}","content":"x"}]}""", Outcome.Input);
            yield return BodyRoute.Import.With("a role nobody knows", $$"""{"user_id":"x","role":"{{role}}","content":"x"}""", Outcome.Input);
        }

        foreach (string number in (string[])["0", "-1", "1.5", "1e2", "1E-7", "123456789012345678901234567890", "0.1000000000000000055511151231257827", "9007199254740993", "1e308", "true", "false", "null", "[]", "{}", "[1,[2,{\"a\":null}]]", "\"\""])
            yield return Add("metadata", $"{{\"k\":{number}}}", new Outcome.Kept(Place.Metadata, number));
        foreach (string number in (string[])["1e309", "-1e309", "1e-400", "1e999999"])
            yield return Add("metadata", $"{{\"k\":{number}}}", Outcome.Input);
    }

    private static InputCase Add(string field, string value, Outcome outcome) =>
        BodyRoute.Add.With(field, (field == "infer" ? BodyRoute.Add.Body.Replace("\"infer\":false", $"\"infer\":{value}", StringComparison.Ordinal) : BodyRoute.Add.Body.Replace("\"infer\"", $"\"{field}\":{value},\"infer\"", StringComparison.Ordinal)), outcome);
}
