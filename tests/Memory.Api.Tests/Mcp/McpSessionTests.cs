using System.Text.Json;
using Memory.Api.Tests.Auth;
using Memory.Testing;

namespace Memory.Api.Tests.Mcp;

public sealed class McpSessionTests(ApiApplication application) : IClassFixture<ApiApplication>
{
    [Theory]
    [InlineData("/mcp", "Token")]
    [InlineData("/mcp/", "Bearer")]
    [InlineData("/mcp/", "X-API-Key")]
    public async Task A_session_begins_with_and_without_the_slash_under_every_form_of_the_key(string path, string scheme)
    {
        var session = new McpSession(application.NewHttpClient(), TestServers.ApiKey) { Path = path, Scheme = scheme };

        JsonElement begun = await session.BeginAsync();

        Assert.Equal("aspire-memory", begun.GetProperty("serverInfo").GetProperty("name").GetString());
        Assert.True(begun.GetProperty("capabilities").TryGetProperty("tools", out _));
        Assert.False(string.IsNullOrEmpty(session.Id));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("a-key-that-nobody-has-1234567890")]
    public async Task Without_a_key_nothing_is_said_but_that(string? key)
    {
        foreach (HttpMethod method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Delete])
            Assert.Equal(401, (await new McpSession(application.NewHttpClient(), key).SendAsync(method, null)).Status);
        McpAnswer answer = await new McpSession(application.NewHttpClient(), key) { Origin = "https://evil.example" }.PostAsync("no JSON");

        Assert.Equal(401, answer.Status);
        Assert.NotEmpty(answer.Message.GetProperty("detail").GetString()!);
    }

    [Fact]
    public async Task Another_key_does_not_go_on_with_a_session()
    {
        var session = new McpSession(application.NewHttpClient(), TestServers.ApiKey);
        await session.BeginAsync();
        var thief = new McpSession(application.NewHttpClient(), await new SecondProject(application.Database).NewKeyAsync("read", "write")) { Id = session.Id };

        Assert.Equal(403, (await thief.CallAsync("tools/list", new { })).Status);
        Assert.Equal(403, (await thief.SendAsync(HttpMethod.Delete, null)).Status);
        Assert.Equal(403, (await thief.SendAsync(HttpMethod.Get, null)).Status);

        Assert.Equal(200, (await session.CallAsync("tools/list", new { })).Status);
    }

    [Fact]
    public async Task A_session_that_was_ended_is_gone()
    {
        var session = new McpSession(application.NewHttpClient(), TestServers.ApiKey);
        await session.BeginAsync();

        Assert.Equal(200, (await session.SendAsync(HttpMethod.Delete, null)).Status);

        Assert.Equal(404, (await session.CallAsync("tools/list", new { })).Status);
    }

    [Theory]
    [InlineData("https://evil.example", 403)]
    [InlineData("http://localhost.evil.example", 403)]
    [InlineData("null", 403)]
    [InlineData("https://app.example.com", 200)]
    [InlineData("http://localhost:6274", 200)]
    public async Task A_foreign_page_is_refused_unless_it_was_allowed(string origin, int status)
    {
        await using ApiApplicationScope allowing = await ApiApplicationScope.WithAsync(new() { ["Memory:Mcp:AllowedOrigins:0"] = "https://app.example.com" });
        var session = new McpSession(allowing.Application.NewHttpClient(), TestServers.ApiKey) { Origin = origin };

        McpAnswer answer = await session.CallAsync("initialize", new { protocolVersion = "2025-06-18", capabilities = new { }, clientInfo = new { name = "page", version = "1" } });

        Assert.Equal(status, answer.Status);
    }

    [Fact]
    public async Task A_session_that_nobody_uses_ends_by_itself()
    {
        var time = new ManualTime(DateTimeOffset.UtcNow);
        await using ApiApplicationScope timed = await ApiApplicationScope.WithAsync(new() { ["Memory:Mcp:IdleMinutes"] = "10" }, time);
        var used = new McpSession(timed.Application.NewHttpClient(), TestServers.ApiKey);
        var idle = new McpSession(timed.Application.NewHttpClient(), TestServers.ApiKey);
        await used.BeginAsync();
        await idle.BeginAsync();

        time.Advance(TimeSpan.FromMinutes(9));
        Assert.Equal(200, (await used.CallAsync("tools/list", new { })).Status);
        time.Advance(TimeSpan.FromMinutes(2));

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while ((await new McpSession(timed.Application.NewHttpClient(), TestServers.ApiKey) { Id = idle.Id }.SendAsync(HttpMethod.Post, new StringContent("""{"jsonrpc":"2.0","method":"notifications/none"}""", null, "application/json"))).Status != 404)
        {
            // What asks is a use as well, so it waits that long again.
            time.Advance(TimeSpan.FromMinutes(11));
            await Task.Delay(20, patience.Token);
        }
    }

    [Fact]
    public async Task New_sessions_make_idle_ones_end_where_there_are_too_many()
    {
        await using ApiApplicationScope small = await ApiApplicationScope.WithAsync(new() { ["Memory:Mcp:MaxIdleSessions"] = "2" });
        List<McpSession> sessions = [.. Enumerable.Range(0, 4).Select(_ => new McpSession(small.Application.NewHttpClient(), TestServers.ApiKey))];
        foreach (McpSession session in sessions)
            await session.BeginAsync();

        Assert.Equal(404, (await sessions[0].CallAsync("tools/list", new { })).Status);
        Assert.Equal(200, (await sessions[3].CallAsync("tools/list", new { })).Status);
    }

    [Fact]
    public async Task Without_sessions_any_replica_answers()
    {
        await using ApiApplicationScope stateless = await ApiApplicationScope.WithAsync(new() { ["Memory:Mcp:Stateless"] = "true" });
        var session = new McpSession(stateless.Application.NewHttpClient(), TestServers.ApiKey);

        JsonElement added = await session.UseAsync("add_memory", new { text = "User has a dog", user_id = ApiApplication.NewUser(), infer = false });

        Assert.Null(session.Id);
        Assert.Equal("User has a dog", added.GetProperty("results")[0].GetProperty("memory").GetString());
    }
}

/// <summary>An application of a test's own.</summary>
internal sealed class ApiApplicationScope(ApiApplication application) : IAsyncDisposable
{
    internal ApiApplication Application => application;

    internal static async Task<ApiApplicationScope> WithAsync(Dictionary<string, string?> settings, TimeProvider? time = null)
    {
        ApiApplication application = ApiApplication.With(settings, time);
        await application.InitializeAsync();
        return new ApiApplicationScope(application);
    }

    public async ValueTask DisposeAsync() => await application.DisposeAsync();
}
