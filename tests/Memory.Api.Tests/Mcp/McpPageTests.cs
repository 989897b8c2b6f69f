using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Memory.Api.Tests.Auth;
using Memory.Testing;

namespace Memory.Api.Tests.Mcp;

/// <summary>What pages in a browser need, and what lasts longer than one request.</summary>
public sealed class McpPageTests
{
    private const string Page = "https://app.example.com";

    [Theory]
    [InlineData(Page, true)]
    [InlineData("https://evil.example", false)]
    public async Task A_page_that_may_call_is_told_so_before_it_does_and_can_read_its_session(string origin, bool may)
    {
        await using ApiApplicationScope allowing = await ApiApplicationScope.WithAsync(new() { ["Memory:Mcp:AllowedOrigins:0"] = Page });
        using HttpClient http = allowing.Application.NewHttpClient();
        using var asking = new HttpRequestMessage(HttpMethod.Options, "/mcp");
        asking.Headers.TryAddWithoutValidation("Origin", origin);
        asking.Headers.TryAddWithoutValidation("Access-Control-Request-Method", "POST");
        asking.Headers.TryAddWithoutValidation("Access-Control-Request-Headers", "authorization,mcp-session-id,content-type");

        using HttpResponseMessage told = await http.SendAsync(asking);
        using HttpResponseMessage refused = await http.SendAsync(Message(HttpMethod.Post, null, origin));

        Assert.Equal(may ? Page : null, One(told, "Access-Control-Allow-Origin"));
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Equal(may ? Page : null, One(refused, "Access-Control-Allow-Origin"));
        Assert.Equal(may ? "Mcp-Session-Id" : null, One(refused, "Access-Control-Expose-Headers"));
        Assert.Equal(["Bearer", "Token"], refused.Headers.WwwAuthenticate.Select(way => way.Scheme));
    }

    [Fact]
    public async Task A_stream_ends_with_the_key_that_listens()
    {
        await using ApiApplicationScope scope = await ApiApplicationScope.WithAsync([]);
        string key = await new SecondProject(scope.Application.Database).NewKeyAsync("read");
        using HttpClient http = scope.Application.NewHttpClient();
        var session = new McpSession(http, key);
        await session.BeginAsync();
        using HttpRequestMessage listening = Message(HttpMethod.Get, key, null);
        listening.Headers.TryAddWithoutValidation("Mcp-Session-Id", session.Id);
        using HttpResponseMessage stream = await http.SendAsync(listening, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, stream.StatusCode);

        await scope.Application.Database.ExecuteAsync("update api_keys set revoked_at = now() where hash = $1", Memory.Core.Privacy.KeySecret.Hash(key));

        // Its end, or its breaking off: both are an end.
        Task<string> rest = stream.Content.ReadAsStringAsync();
        await Task.WhenAny(rest, Task.Delay(TimeSpan.FromSeconds(60)));
        Assert.True(rest.IsCompleted, "The stream of a revoked key goes on.");
        _ = rest.Exception;
    }

    [Fact]
    public async Task A_key_has_so_many_sessions_and_may_end_one_for_another()
    {
        await using ApiApplicationScope scope = await ApiApplicationScope.WithAsync(new() { ["Memory:Mcp:MaxSessionsPerKey"] = "2" });
        List<McpSession> sessions = [.. Enumerable.Range(0, 3).Select(_ => new McpSession(scope.Application.NewHttpClient(), TestServers.ApiKey))];
        await sessions[0].BeginAsync();
        await sessions[1].BeginAsync();

        McpAnswer refused = await sessions[2].CallAsync("initialize", new { protocolVersion = "2025-06-18", capabilities = new { }, clientInfo = new { name = "test", version = "1" } });
        await new McpSession(scope.Application.NewHttpClient(), await new SecondProject(scope.Application.Database).NewKeyAsync("read")).BeginAsync();
        Assert.Equal(200, (await sessions[0].SendAsync(HttpMethod.Delete, null)).Status);

        Assert.Equal(429, refused.Status);
        await sessions[2].BeginAsync();
    }

    private static HttpRequestMessage Message(HttpMethod method, string? key, string? origin)
    {
        var request = new HttpRequestMessage(method, "/mcp");
        request.Headers.Accept.ParseAdd("application/json");
        request.Headers.Accept.ParseAdd("text/event-stream");
        request.Headers.Authorization = key is null ? null : new AuthenticationHeaderValue("Token", key);
        if (origin is not null)
            request.Headers.TryAddWithoutValidation("Origin", origin);
        if (method == HttpMethod.Post)
            request.Content = new StringContent("{}", Encoding.UTF8, "application/json");
        return request;
    }

    private static string? One(HttpResponseMessage response, string header) =>
        response.Headers.TryGetValues(header, out IEnumerable<string>? values) ? values.Single() : null;
}
