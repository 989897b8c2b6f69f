namespace Memory.Api.Tests.Wire.Corpus;

/// <summary>What is around a body: its type, the method, the query.</summary>
internal static class TransportCases
{
    private static readonly Outcome s_wrongType = new Outcome.Refused(415, "unsupported-media-type");
    private static readonly Outcome s_wrongMethod = new Outcome.Refused(405, "method-not-allowed");

    internal static IEnumerable<InputCase> All()
    {
        foreach (BodyRoute route in BodyRoute.All.Where(route => route != BodyRoute.Import))
        {
            foreach (string? type in (string?[])["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/xml", "application/octet-stream", "text/json-seq", null])
                yield return route.With($"sent as {type ?? "nothing"}", route.Body, s_wrongType) with { ContentType = type };
            foreach (string type in (string[])["application/json; charset=utf-8", "application/JSON", "application/vnd.api+json"])
                yield return route.With($"sent as {type}", route.Body, route.Taken) with { ContentType = type };
            foreach (string type in (string[])["application/json; charset=nonsense"])
                yield return route.With($"sent as {type}", route.Body, s_wrongType) with { ContentType = type };
            yield return new InputCase("another method", "PATCH", route.Path, route.Body, s_wrongMethod);
        }

        foreach ((string method, string path) in ((string, string)[])[("POST", "/v1/ping/"), ("GET", "/v3/memories/add/"), ("GET", "/v3/memories/search/"), ("PUT", "/v1/messages/"), ("DELETE", "/v1/import/"), ("DELETE", "/v1/recall/"), ("POST", "/v1/events/"), ("PUT", "/v1/keys/"), ("PUT", "/api-keys")])
            yield return new InputCase("another method", method, path, "{}", s_wrongMethod);
        foreach ((string query, bool fits) in ((string, bool)[])[
            ("page=1&page_size=1", true), ("page=1&page_size=200", true), ("page=2147483647", true), ("colour=red", true), ("", true), ("&&&", true), ("page", false), ("page=", false), ("page=0", false), ("page=-1", false), ("page=one", false),
            ("page=1.5", false), ("page=1e3", false), ("page=0x10", false), ("page=2147483648", false), ("page=99999999999999999999", false), ("page=1&page=2", false), ("page_size=0", false), ("page_size=201", false), ("page_size=%00", false),
            ("page=%D9%A1", false), ("page=%ff", false), ("page=1%20or%201=1", false)])
        {
            yield return new InputCase("a query", "GET", $"/v1/events/?{query}", "", fits ? Outcome.Ok : Outcome.Input) { ContentType = null };
            yield return BodyRoute.List.With("a query", BodyRoute.List.Body, fits ? Outcome.Ok : Outcome.Input) with { Path = $"/v3/memories/?{query}" };
        }

        foreach ((string query, bool fits) in ((string, bool)[])[
            ("status=PENDING", true), ("status=pending", false), ("status=", false), ("status=DONE", false), ("status=PENDING&status=FAILED", false), ("event_type=ADD", true), ("event_type=%00", false), ("event_type=' or 1=1", true),
            ("user_id=a&agent_id=b&app_id=c&run_id=d", true), ("user_id=", false), ("user_id=%00", false), ("user_id=%F0%9F%99%82", true), ("user_id=a&user_id=a", false)])
            yield return new InputCase("a query", "GET", $"/v1/events/?{query}", "", fits ? Outcome.Ok : Outcome.Input) { ContentType = null };
    }
}
