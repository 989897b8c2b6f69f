using System.Text.Json;
using System.Text.RegularExpressions;
using Memory.Api.OpenApi;
using Memory.Core.Privacy;
using Memory.Testing;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Memory.Api.Tests.OpenApi;

/// <summary>What the API says of itself is complete, and its examples work.</summary>
public sealed partial class ApiDocumentTests(ApiApplication application) : IClassFixture<ApiApplication>
{
    private const string ExampleId = "01990000-0000-7000-8000-000000000001";

    /// <summary>What they read is made by a worker, which does not run here.</summary>
    private static readonly string[] s_needWorkers = ["POST v1/exports/get"];

    public static TheoryData<string> Examples => [.. RouteDoc.All.Where(doc => doc.Value.Request is not null).Select(doc => doc.Key).Order()];

    [Fact]
    public void Every_route_is_described_and_nothing_else_is() =>
        Assert.Equal(Routes().Order(), RouteDoc.All.Keys.Order());

    [Fact]
    public void Every_route_has_a_request_to_try_it_with()
    {
        string folder = Path.Combine(Checkout.Root, "Memory.Api", "Requests");
        IEnumerable<string> requests = Directory.EnumerateFiles(folder, "*.http").SelectMany(File.ReadAllLines)
            .Select(line => Request.Match(line)).Where(match => match.Success)
            .Select(match => RouteDoc.KeyOf(match.Groups["method"].Value, match.Groups["path"].Value));
        HashSet<string> tried = [.. requests];

        Assert.Empty(RouteDoc.All.Keys.Where(route => !tried.Any(request => Pattern(route).IsMatch(request))));
    }

    [Fact]
    public async Task The_document_is_open_to_everybody_and_holds_words_and_examples_of_every_route()
    {
        JsonElement document = (await application.As(null).GetAsync("/openapi/v1.json")).Ok().Body;

        Assert.Equal("3.1.1", document.GetProperty("openapi").GetString());
        JsonElement paths = document.GetProperty("paths");
        var described = paths.EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(verb => (Key: RouteDoc.KeyOf(verb.Name.ToUpperInvariant(), path.Name), Operation: verb.Value)))
            .Where(one => one.Operation.ValueKind == JsonValueKind.Object && RouteDoc.All.ContainsKey(one.Key)).ToList();
        Assert.All(described, one => Assert.Equal(RouteDoc.All[one.Key].Summary, one.Operation.GetProperty("summary").GetString()));
        Assert.Empty(RouteDoc.All.Keys.Where(key => !key.EndsWith(" mcp", StringComparison.Ordinal)).Except(described.Select(one => one.Key)));
        Assert.All(described.Where(one => RouteDoc.All[one.Key].Query is not null), one => Assert.Equal(
            RouteDoc.All[one.Key].Query!.Split('&').Select(value => value.Split('=')[0]).Distinct().Order(),
            one.Operation.GetProperty("parameters").EnumerateArray().Where(parameter => parameter.GetProperty("in").GetString() == "query")
                .Select(parameter => parameter.GetProperty("name").GetString()).Order()));
        JsonElement stream = described.Single(one => one.Key == "GET v1/events/stream").Operation;
        Assert.Contains("ana", stream.GetProperty("parameters").EnumerateArray().Select(parameter => parameter.GetProperty("example").GetString()));
        JsonElement search = described.Single(one => one.Key == "POST v3/memories/search").Operation;
        Assert.Equal("Where does she live?", search.GetProperty("requestBody").GetProperty("content").GetProperty("application/json").GetProperty("example").GetProperty("query").GetString());
        Assert.Equal(
            ["POST v1/import", "POST v1/messages", "PUT v1/memories/{id}"],
            described.Where(one => one.Key is "POST v1/import" or "POST v1/messages" or "PUT v1/memories/{id}" or "GET v1/memories/{id}" or "POST v1/recall")
                .Where(one => one.Operation.TryGetProperty("parameters", out JsonElement parameters) && parameters.EnumerateArray().Any(parameter => parameter.GetProperty("name").GetString() == "Idempotency-Key"))
                .Select(one => one.Key).Order());
        Assert.Equal(RouteDoc.All.Values.Select(doc => doc.Tag).Distinct().Order(), document.GetProperty("tags").EnumerateArray().Select(tag => tag.GetProperty("name").GetString()));
        Assert.Equal("ApiKey", document.GetProperty("security")[0].EnumerateObject().Single().Name);
    }

    [Fact]
    public async Task The_page_at_docs_shows_the_document()
    {
        Answer page = await application.As(null).GetAsync("/docs/index.html");
        Answer script = await application.As(null).GetAsync("/docs/index.js");

        Assert.Equal(("text/html", 200), (page.ContentType, page.Status));
        Assert.Contains("/openapi/v1.json", script.Text, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task An_example_works_as_it_stands(string route)
    {
        RouteDoc doc = RouteDoc.All[route];
        string memory = await application.Api.KeepAsync(ApiApplication.NewUser(), $"User likes tea {Guid.NewGuid()}");
        (await application.Api.PutAsync($"/v1/memories/{memory}/", new { text = $"User likes coffee {Guid.NewGuid()}" })).Ok();
        await application.Api.SayAsync("ana", "monday", ("user", "I live in Porto."));
        await application.DrainAsync();
        string id = await IdAsync(route, memory);
        JsonElement ping = (await application.Api.GetAsync("/v1/ping/")).Body;
        string[] parts = route.Split(' ');
        string path = parts[1].Replace("{id}", id, StringComparison.Ordinal)
            .Replace("{org}", ping.GetProperty("org_id").GetString(), StringComparison.Ordinal).Replace("{project}", ping.GetProperty("project_id").GetString(), StringComparison.Ordinal);

        Answer answer = await application.Api.Keyed($"{Guid.NewGuid()}").SendAsync(
            new HttpMethod(parts[0]), $"/{path}/", ApiClient.Json(doc.Request!.ToJsonString().Replace(ExampleId, memory, StringComparison.Ordinal)));

        Assert.True(answer.Status == doc.Status || (answer.Status == 404 && s_needWorkers.Contains(route)), $"{answer.Status}: {answer.Text}");
    }

    /// <returns>What the route's path is about.</returns>
    private async Task<string> IdAsync(string route, string memory) => route switch
    {
        "PUT api/v1/webhooks/{id}" => (await application.Api.PostAsync(
            $"/api/v1/webhooks/projects/{Bootstrap.DefaultProject}/", new { url = "https://example.com/hook", event_types = new[] { "memory_add" } }))["webhook_id"].GetString()!,
        "POST v1/conflicts/{id}/resolve" => (await ConflictAsync(memory)).ToString(),
        _ => memory,
    };

    private async Task<Guid> ConflictAsync(string memory)
    {
        string user = (await application.Api.GetAsync($"/v1/memories/{memory}/"))["user_id"].GetString()!;
        return await application.Database.ScalarAsync<Guid>(
            """
            insert into conflicts (project_id, owner_kind, owner_id, memory_a, memory_b)
            select project_id, owner_kind, owner_id, $1, $2 from memories where id = $1
            returning id
            """,
            Guid.Parse(memory), Guid.Parse(await application.Api.KeepAsync(user, $"User likes no tea {Guid.NewGuid()}")));
    }

    [GeneratedRegex(@"^(?<method>GET|POST|PUT|PATCH|DELETE) \{\{host\}\}(?<path>/[^?\s]*)")]
    private static partial Regex Request { get; }

    // A request fills in what a route leaves open.
    private static Regex Pattern(string route) => new($"^{string.Join("[^/]+", Parameter.Split(route).Select(Regex.Escape))}$");

    private IEnumerable<string> Routes() =>
        from endpoint in application.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        let path = endpoint.RoutePattern.RawText!
        where !path.StartsWith("/health", StringComparison.Ordinal) && !path.StartsWith("/alive", StringComparison.Ordinal) && !path.StartsWith("/openapi", StringComparison.Ordinal)
        from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []
        select RouteDoc.KeyOf(method, path);

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Parameter { get; }
}
