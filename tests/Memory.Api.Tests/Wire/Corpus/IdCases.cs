namespace Memory.Api.Tests.Wire.Corpus;

/// <summary>Ids in bodies, in paths and in queries.</summary>
internal static class IdCases
{
    private static readonly Outcome s_notFound = new Outcome.Refused(404, "not-found");

    internal static IEnumerable<InputCase> All()
    {
        foreach ((string what, string json, Outcome outcome) in Bad())
        {
            yield return BodyRoute.Add.With(what, BodyRoute.Add.Body.Replace("\"USER\"", json, StringComparison.Ordinal), outcome);
            yield return BodyRoute.Append.With(what, BodyRoute.Append.Body.Replace("\"USER\"", json, StringComparison.Ordinal), outcome);
            yield return BodyRoute.Import.With(what, BodyRoute.Import.Body.Replace("\"USER\"", json, StringComparison.Ordinal), Outcome.Input);
            yield return BodyRoute.Recall.With(what, BodyRoute.Recall.Body.Replace("\"USER\"", json, StringComparison.Ordinal), outcome);
            yield return BodyRoute.Context.With(what, BodyRoute.Context.Body.Replace("\"USER\"", json, StringComparison.Ordinal), outcome);
            yield return BodyRoute.Search.With(what, BodyRoute.Search.Body.Replace("\"USER\"", json, StringComparison.Ordinal), Outcome.Input);
            yield return BodyRoute.List.With(what, BodyRoute.List.Body.Replace("\"USER\"", json, StringComparison.Ordinal), Outcome.Input);
        }

        // Existing clients send numbers; here they are texts.
        yield return BodyRoute.Add.With("an id that is a number", BodyRoute.Add.Body.Replace("\"USER\"", "7", StringComparison.Ordinal), new Outcome.Kept(Place.Owner, "7"));
        yield return BodyRoute.Search.With("an id that is a number", BodyRoute.Search.Body.Replace("\"USER\"", "7", StringComparison.Ordinal), Outcome.Ok);
        yield return BodyRoute.Append.With("an id that is a number", BodyRoute.Append.Body.Replace("\"USER\"", "7", StringComparison.Ordinal), Outcome.Json);

        foreach (string id in (string[])["none", "0", "-1", "MEMORYx", "00000000-0000-0000-0000-000000000000", "%F0%9F%99%82", "'%3B--", "..%2F..%2Fetc", "%25", "{id}"])
        {
            foreach ((string method, string path) in ((string, string)[])[("GET", $"/v1/memories/{id}/"), ("DELETE", $"/v1/memories/{id}/"), ("GET", $"/v1/memories/{id}/history/"), ("GET", $"/v1/event/{id}/"), ("POST", $"/v1/events/{id}/replay/"), ("DELETE", $"/v1/keys/{id}/"), ("DELETE", $"/api-keys/{id}")])
                yield return new InputCase($"the id {id}", method, path, "", s_notFound) { ContentType = null };
            yield return new InputCase($"the id {id}", "PUT", $"/v1/memories/{id}/", """{"text":"User hums"}""", s_notFound);
            yield return new InputCase($"the id {id}", "POST", $"/v1/memories/{id}/rollback/", """{"version":1}""", s_notFound);
            yield return new InputCase($"the id {id}", "POST", $"/v1/conflicts/{id}/resolve/", """{"resolution":"keep_a"}""", s_notFound);
        }

        foreach (string path in (string[])["/v1/conflicts/", "/v1/summaries/", "/v1/events/stream/"])
        {
            yield return Get("no id", path, Outcome.Input);
            yield return Get("a blank id", $"{path}?user_id=&run_id=r", Outcome.Input);
            yield return Get("a NUL", $"{path}?user_id=%00&run_id=r", Outcome.Input);
            yield return Get("an id twice", $"{path}?user_id=a&user_id=b&run_id=r", Outcome.Input);
            yield return Get("an id too long", $"{path}?user_id={new string('a', 257)}&run_id=r", Outcome.Input);
            yield return Get("an id of the system's own", $"{path}?user_id=rebuild:a&run_id=r", Outcome.Input);
        }
    }

    private static IEnumerable<(string What, string Json, Outcome Outcome)> Bad() =>
    [
        ("a blank id", "\" \"", Outcome.Input), ("an empty id", "\"\"", Outcome.Input), ("an id of blanks of many kinds", "\"\\u2003\\u00a0\\t\"", Outcome.Input),
        ("an id that is true", "true", Outcome.Json), ("an id that is a list", "[\"a\"]", Outcome.Json),
        ("an id that is an object", "{\"a\":1}", Outcome.Json), ("no id", "null", Outcome.Input), ("an id of the system's own", "\"rebuild:x\"", Outcome.Input),
        ("an id with a NUL", "\"a\\u0000\"", Outcome.Input), ("an id with half a surrogate pair", "\"a\\ud83d\"", Outcome.Json),
    ];

    private static InputCase Get(string what, string path, Outcome outcome) => new(what, "GET", path, "", outcome) { ContentType = null };
}
