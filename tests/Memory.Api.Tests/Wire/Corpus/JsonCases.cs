using System.Text;

namespace Memory.Api.Tests.Wire.Corpus;

/// <summary>Bodies that are nearly the JSON that is asked for, on every route that takes one.</summary>
internal static class JsonCases
{
    internal static IEnumerable<InputCase> All()
    {
        foreach (BodyRoute route in BodyRoute.All)
        {
            foreach ((string what, string body) in Broken(route.Body))
                yield return route.With(what, body, route.Broken);
            // What is inside of filters is looked at later than the rest.
            foreach ((string what, byte[] body) in BrokenTexts(route.Body))
                yield return new InputCase(what, route.Method, route.Path, body, route == BodyRoute.List ? Outcome.Input : route.Broken);
            yield return new InputCase("UTF-16", route.Method, route.Path, Encoding.Unicode.GetBytes(route.Body), route.Broken);
            yield return new InputCase("nothing but NUL", route.Method, route.Path, new byte[16], route.Broken);
            yield return route.With("nothing at all", "", route == BodyRoute.Import ? Outcome.Input : Outcome.NoBody);
            yield return route.With("null", "null", route == BodyRoute.Import ? Outcome.Input : Outcome.NoBody);
            yield return new InputCase("a mark of byte order", route.Method, route.Path, [0xef, 0xbb, 0xbf, .. Encoding.UTF8.GetBytes(route.Body)], route.Taken);
            yield return route.With("blanks around it", $" \t{route.Body} \n\n", route.Taken);
            yield return route.With("a name that is not known", Plus(route.Body, "\"colour\":{\"a\":[1,2]}"), route.Taken);
            yield return route.With("a name twice that is not known", Plus(route.Body, "\"twice\":1,\"twice\":2"), route == BodyRoute.Import ? Outcome.Input : route.Taken);
            yield return route.With("a known name in another case", Plus(route.Body, "\"USER_ID\":\"x\",\"Query\":7"), route.Taken);
        }
    }

    private static IEnumerable<(string What, string Body)> Broken(string body) =>
    [
        ("a half of it", body[..(body.Length / 2)]), ("all but its end", body[..^1]), ("an open brace", "{"), ("a list", "[]"), ("a list around it", $"[{body}]"),
        ("a text", "\"hello\""), ("a number", "7"), ("true", "true"), ("no JSON", "user_id=ann"), ("markup", "<xml/>"),
        ("a comma at its end", Plus(body, "")), ("single quotation marks", body.Replace('"', '\'')), ("a name without quotation marks", Plus(body, "a:1")),
        ("a comment", $"/* x */{body}"), ("something after it", body + "}"), ("not a number", Plus(body, "\"a\":NaN")), ("a number with a plus", Plus(body, "\"a\":+1")),
        ("a number with a zero in front", Plus(body, "\"a\":01")), ("a number in base 16", Plus(body, "\"a\":0x1f")), ("a number without its end", Plus(body, "\"a\":1.")),
        ("an escape that is none", Plus(body, "\"a\":\"\\x\"")), ("half an escape", Plus(body, "\"a\":\"\\u12\"")), ("a raw control character", Plus(body, "\"a\":\"\u0001\"")),
        ("no colon", Plus(body, "\"a\" 1")), ("no comma", body[..^1] + " \"a\":1}"), ("True", Plus(body, "\"a\":True")), ("undefined", Plus(body, "\"a\":undefined")),
        ("a name of its own twice", Plus(body, body[1..body.IndexOf(':', StringComparison.Ordinal)] + ":null")),
        ("33 lists within each other", Plus(body, $"\"a\":{new string('[', 33)}{new string(']', 33)}")),
        ("ten thousand lists within each other", Plus(body, $"\"a\":{new string('[', 10_000)}{new string(']', 10_000)}")),
        ("objects within each other", Plus(body, $"\"a\":{string.Concat(Enumerable.Repeat("{\"a\":", 40))}1{new string('}', 40)}")),
        ("a list that never ends", Plus(body, $"\"a\":{new string('[', 20)}")),
    ];

    private static IEnumerable<(string What, byte[] Body)> BrokenTexts(string body) =>
    [
        ("a byte that UTF-8 has not", Around(body, [0xff])), ("a NUL written with two bytes", Around(body, [0xc0, 0x80])), ("half a surrogate pair as bytes", Around(body, [0xed, 0xa0, 0xbd])),
        ("a character cut short", Around(body, [0xf0, 0x9f, 0x99])), ("Latin-1", Around(body, [0xe9])),
    ];

    private static string Plus(string body, string more) => $"{body[..^1]},{more}}}";

    // Inside of the first text of the body that is a value.
    private static byte[] Around(string body, byte[] bytes)
    {
        int at = body.IndexOf(":\"", StringComparison.Ordinal) is > 0 and var found ? found + 2 : body.Length - 1;
        return [.. Encoding.UTF8.GetBytes(body[..at]), .. bytes, .. Encoding.UTF8.GetBytes(body[at..])];
    }
}
