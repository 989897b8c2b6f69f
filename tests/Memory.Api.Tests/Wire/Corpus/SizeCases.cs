namespace Memory.Api.Tests.Wire.Corpus;

/// <summary>The largest that is taken, and one more.</summary>
internal static class SizeCases
{
    private const int Message = 32 * 1024;
    private const int Memory = 8 * 1024;
    private const int Id = 256;

    internal static IEnumerable<InputCase> All()
    {
        foreach ((BodyRoute route, string placeholder, Place where) in ((BodyRoute, string, Place)[])[(BodyRoute.Append, "I sing.", Place.Message), (BodyRoute.Import, "I sing.", Place.Message)])
        {
            string longest = new('a', Message), umlauts = new('ä', Message);
            yield return Text(route, "the longest text", placeholder, longest, new Outcome.Kept(where, longest));
            yield return Text(route, "the longest text, of two bytes each", placeholder, umlauts, new Outcome.Kept(where, umlauts));
            yield return Text(route, "a text too long by one", placeholder, longest + "a", Outcome.Input);
        }

        foreach ((BodyRoute route, string placeholder) in ((BodyRoute, string)[])[(BodyRoute.Add, "User sings"), (BodyRoute.Put, "User hums")])
        {
            yield return Text(route, "the longest memory", placeholder, new string('ä', Memory), new Outcome.Kept(Place.Memory, new string('ä', Memory)));
            yield return Text(route, "a memory too long by one", placeholder, new string('a', Memory + 1), Outcome.Input);
        }

        yield return Text(BodyRoute.Add, "the longest id", "\"USER\"", $"\"USER{new string('a', Id - 37)}\"", new Outcome.Kept(Place.Owner, $"USER{new string('a', Id - 37)}"));
        foreach (BodyRoute route in (BodyRoute[])[BodyRoute.Add, BodyRoute.Append, BodyRoute.Import, BodyRoute.Search, BodyRoute.List, BodyRoute.Recall, BodyRoute.Context, BodyRoute.Forget, BodyRoute.Summary])
            yield return Text(route, "an id too long by one", "\"USER\"", $"\"{new string('a', Id + 1)}\"", Outcome.Input);
        foreach (BodyRoute route in (BodyRoute[])[BodyRoute.Search, BodyRoute.Recall, BodyRoute.Context])
        {
            yield return Text(route, "the longest question", "song", new string('a', 8 * 1024), Outcome.Ok);
            yield return Text(route, "a question too long by one", "song", new string('a', (8 * 1024) + 1), Outcome.Input);
        }

        foreach ((int count, Outcome outcome) in ((int, Outcome)[])[(100, Outcome.Ok), (101, Outcome.Input)])
        {
            string messages = string.Join(",", Enumerable.Range(1, count).Select(number => $$"""{"role":"user","content":"Number {{number}}."}"""));
            yield return BodyRoute.Append.With($"{count} messages", $$"""{"scope":{"user_id":"USER"},"messages":[{{messages}}]}""", outcome);
            yield return BodyRoute.Add.With($"{count} messages", $$"""{"user_id":"USER","infer":false,"messages":[{{messages}}]}""", outcome);
        }

        foreach ((string what, string metadata, bool fits) in Metadata())
        {
            Outcome outcome = fits ? Outcome.Ok : Outcome.Input;
            yield return BodyRoute.Add.With(what, $$"""{"user_id":"USER","infer":false,"metadata":{{metadata}},"messages":[{"role":"user","content":"User sings"}]}""", outcome);
            yield return BodyRoute.Append.With(what, $$"""{"scope":{"user_id":"USER"},"messages":[{"role":"user","content":"I sing.","metadata":{{metadata}}}]}""", outcome);
            yield return BodyRoute.Import.With(what, $$"""{"user_id":"USER","role":"user","content":"I sing.","metadata":{{metadata}}}""", outcome);
            yield return BodyRoute.Put.With(what, $$"""{"metadata":{{metadata}}}""", outcome);
        }

        foreach ((string number, bool fits) in ((string, bool)[])[("1", true), ("1000", true), ("0", false), ("1001", false), ("-1", false), ("2147483647", false)])
        {
            yield return BodyRoute.Search.With($"top_k {number}", $$"""{"query":"song","filters":{"user_id":"USER"},"top_k":{{number}}}""", fits ? Outcome.Ok : Outcome.Input);
            yield return BodyRoute.Recall.With($"limit {number}", $$"""{"scope":{"user_id":"USER"},"query":"song","limit":{{number}}}""", fits ? Outcome.Ok : Outcome.Input);
        }

        foreach ((string page, bool fits) in ((string, bool)[])[("1", true), ("200", true), ("0", false), ("201", false), ("-1", false)])
            yield return BodyRoute.List.With($"page_size {page}", $$"""{"filters":{"user_id":"USER"},"page_size":{{page}}}""", fits ? Outcome.Ok : Outcome.Input);
        yield return BodyRoute.List.With("the last page there can be", """{"filters":{"user_id":"USER"},"page":2147483647,"page_size":200}""", Outcome.Ok);
        yield return BodyRoute.List.With("a page beyond", """{"filters":{"user_id":"USER"},"page":2147483648}""", Outcome.Json);
    }

    private static IEnumerable<(string What, string Metadata, bool Fits)> Metadata() =>
    [
        ("no metadata", "{}", true), ("50 keys", Keys(50), true), ("51 keys", Keys(51), false), ("51 keys further in", $"{{\"a\":[{Keys(51)}]}}", false),
        ("5 objects within each other", Nested(5), true), ("6 objects within each other", Nested(6), false),
        ("5 lists and an object within each other", "{\"a\":[[[[[1]]]]]}", false),
        ("8192 bytes of metadata", $"{{\"a\":\"{new string('a', 8192 - 8)}\"}}", true), ("8193 bytes of metadata", $"{{\"a\":\"{new string('a', 8193 - 8)}\"}}", false),
        ("8194 bytes in fewer characters", $"{{\"a\":\"{new string('ä', 4093)}\"}}", false),
    ];

    private static string Keys(int count) => $"{{{string.Join(",", Enumerable.Range(0, count).Select(number => $"\"k{number}\":{number}"))}}}";

    private static string Nested(int depth) => depth == 1 ? "{\"a\":1}" : $"{{\"a\":{Nested(depth - 1)}}}";

    private static InputCase Text(BodyRoute route, string what, string placeholder, string text, Outcome outcome) =>
        route.With(what, route.Body.Replace(placeholder, text, StringComparison.Ordinal), outcome);
}
