using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Memory.Api.Tests.Auth;

/// <summary>Ids that a call is about: of somebody's things, or of nothing.</summary>
internal sealed record Target(string User, string Run, string Memory, string Event, string Conflict, string Key, string Recall, string Webhook, string Export)
{
    internal static Target Unknown() =>
        new(ApiApplication.NewUser(), $"run-{Guid.NewGuid():N}", Id(), Id(), Id(), Id(), Id(), Id(), Id());

    /// <summary>The value of a path's parameter.</summary>
    internal string ValueOf(string pattern, string parameter) => parameter switch
    {
        "type" or "kind" => "user",
        "name" or "entity" or "user" or "entity_id" or "entityId" => User,
        "id" when pattern.Contains("/webhooks", StringComparison.Ordinal) => Webhook,
        _ when pattern.Contains("/event", StringComparison.Ordinal) => Event,
        _ when pattern.Contains("/conflicts", StringComparison.Ordinal) => Conflict,
        _ when pattern.Contains("keys", StringComparison.Ordinal) => Key,
        _ when pattern.Contains("/recall", StringComparison.Ordinal) => Recall,
        _ when pattern.Contains("/entities", StringComparison.Ordinal) => User,
        _ => Memory,
    };

    private static string Id() => Guid.NewGuid().ToString();
}

/// <summary>
/// Sends every route a request that it would carry out, knowing nothing of it: names that a route does not know are ignored,
/// so that one body holds what any of them asks for.
/// </summary>
internal static partial class RouteCalls
{
    [GeneratedRegex("[0-9a-fA-F]{8}(-?)[0-9a-fA-F]{4}\\1[0-9a-fA-F]{4}\\1[0-9a-fA-F]{4}\\1[0-9a-fA-F]{12}")]
    private static partial Regex Guids { get; }

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT[0-9:.]+(Z|\+00:00)|""amk_[\w-]+|""hash"":""\w+""|""latency"":[0-9.]+|trace[Ii]d"":""\w+")]
    private static partial Regex OfTheMoment { get; }

    /// <summary>What the route answers; one that asks Redis, once that answers.</summary>
    internal static Task<Answer> SendAsync(HttpClient http, Route route, string? key, Target about) =>
        route.Method == "GET" && route.Pattern.Contains("/recall/", StringComparison.Ordinal)
            ? ExplainedRecalls.OnceAnsweredAsync(() => SendOnceAsync(http, route, key, about))
            : SendOnceAsync(http, route, key, about);

    private static async Task<Answer> SendOnceAsync(HttpClient http, Route route, string? key, Target about)
    {
        string path = RouteTable.Fill(route.Pattern, name => Uri.EscapeDataString(about.ValueOf(route.Pattern, name)));
        using var request = new HttpRequestMessage(new HttpMethod(route.Method), $"{path}?user_id={about.User}&run_id={about.Run}");
        if (key is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Token", key);
        request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString());
        request.Headers.Accept.ParseAdd("application/json");
        request.Headers.Accept.ParseAdd("text/event-stream");
        if (route.Method is not ("GET" or "HEAD" or "OPTIONS"))
            request.Content = new StringContent(Body(about), Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        string? type = response.Content.Headers.ContentType?.MediaType;
        // A stream of events has no end.
        string text = type == "text/event-stream" ? "" : await response.Content.ReadAsStringAsync();
        return new Answer((int)response.StatusCode, text, type, response.Headers);
    }

    /// <summary>What an answer says, without what differs from one request to the next.</summary>
    internal static string Said(Answer answer, Target about)
    {
        string text = answer.Text.Replace(about.User, "USER", StringComparison.Ordinal).Replace(about.Run, "RUN", StringComparison.Ordinal);
        return $"{answer.Status} {Guids.Replace(OfTheMoment.Replace(text, "NOW"), "ID")}";
    }

    private static string Body(Target about) => JsonSerializer.Serialize(new Dictionary<string, object?>
    {
        ["user_id"] = about.User,
        ["run_id"] = about.Run,
        ["scope"] = new { user_id = about.User, run_id = about.Run },
        ["filters"] = new { user_id = about.User },
        ["query"] = "What does the user play? cello",
        ["messages"] = new[] { new { role = "user", content = "I play the tuba." } },
        ["role"] = "user",
        ["content"] = "I play the tuba.",
        ["text"] = "User plays the tuba",
        ["memory_id"] = about.Memory,
        ["memories"] = new[] { new { memory_id = about.Memory, text = "User plays the tuba" } },
        ["event_id"] = about.Event,
        ["memory_export_id"] = about.Export,
        ["version"] = 1,
        ["about"] = "cello",
        ["resolution"] = "keep_a",
        ["feedback"] = "NEGATIVE",
        ["label"] = "made by a test",
        ["custom_instructions"] = "Remember the tuba.",
        ["url"] = "https://example.com/hook",
        ["name"] = "made by a test",
        ["event_types"] = new[] { "memory_add" },
        ["schema"] = new { type = "object" },
        ["use_case"] = "a test",
        // Of MCP: the same of a tool.
        ["jsonrpc"] = "2.0",
        ["id"] = 1,
        ["method"] = "tools/list",
        ["params"] = new { },
    });
}
