using System.Text.Json;
using System.Text.Json.Serialization;
using Memory.Testing;

namespace Memory.Api.Tests.Mem0;

/// <summary>
/// What the memory providers of Microsoft Agent Framework and Semantic Kernel send, byte by byte as HttpClient writes what their
/// public sources build, and what comes back read as they read it.
/// </summary>
public sealed class DotNetProviderTests : IAsyncLifetime
{
    private readonly ApiApplication _application = ApiApplication.Listening();
    private readonly string _user = ApiApplication.NewUser();

    public Task InitializeAsync() => _application.InitializeAsync();

    public Task DisposeAsync() => _application.DisposeAsync();

    [Fact]
    public async Task What_is_said_in_one_turn_is_found_in_the_next_and_cleared_at_the_end()
    {
        await using var connection = new RawConnection(_application.Address);
        string body = $$"""{"app_id":"kernel","agent_id":"helper","run_id":"thread-1","user_id":"{{_user}}","messages":[{"content":"I live in Lisbon.","role":"user"}]}""";
        (string stored, _) = await PostAsync(connection, "/v1/memories/", body);
        (string answered, _) = await PostAsync(
            connection, "/v1/memories/", $$"""{"user_id":"{{_user}}","messages":[{"content":"Lisbon is lovely.","role":"assistant"}]}""");
        await _application.DrainAsync();

        (string head, string found) = await PostAsync(
            connection, "/v1/memories/search/", $$"""{"app_id":"kernel","agent_id":"helper","run_id":"thread-1","user_id":"{{_user}}","query":"Where do I live?"}""");
        (string cleared, string gone) = await DeleteAsync(connection, $"/v1/memories/?app_id=kernel&agent_id=helper&run_id=thread-1&user_id={_user}");
        (_, string after) = await PostAsync(connection, "/v1/memories/search/", $$"""{"user_id":"{{_user}}","query":"Where do I live?"}""");

        Assert.All([stored, answered, head, cleared], line => Assert.StartsWith("HTTP/1.1 200 ", line, StringComparison.Ordinal));
        SearchResponseItem item = Assert.Single(JsonSerializer.Deserialize<SearchResponseItem[]>(found)!);
        Assert.Equal(("User lives in Lisbon", _user, "kernel", "helper", "thread-1"), (item.Memory, item.UserId, item.AppId, item.AgentId, item.RunId));
        Assert.InRange(item.Score, 0.3, 1);
        Assert.True(item.CreatedAt > new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        Assert.Equal(JsonValueKind.Object, JsonElement.Parse(gone).ValueKind);
        Assert.Empty(JsonSerializer.Deserialize<SearchResponseItem[]>(after)!);
    }

    [Theory]
    [InlineData("app_id", "kernel")]
    [InlineData("agent_id", "helper")]
    [InlineData("run_id", "thread-2")]
    public async Task A_provider_that_is_scoped_to_one_id_finds_what_was_said_there(string name, string id)
    {
        await using var connection = new RawConnection(_application.Address);
        id += _user;
        await PostAsync(connection, "/v1/memories/", $$"""{"{{name}}":"{{id}}","messages":[{"content":"My name is Ünï.","role":"user"}]}""");
        await _application.DrainAsync();

        (_, string found) = await PostAsync(connection, "/v1/memories/search/", $$"""{"{{name}}":"{{id}}","query":"What is my name?"}""");

        Assert.Contains("Ünï", Assert.Single(JsonSerializer.Deserialize<SearchResponseItem[]>(found)!).Memory, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Null_ids_and_a_threshold_of_later_versions_do_no_harm()
    {
        await using var connection = new RawConnection(_application.Address);

        (string head, string found) = await PostAsync(
            connection, "/v1/memories/search/", $$"""{"app_id":null,"agent_id":null,"run_id":null,"user_id":"{{_user}}","query":"hello"}""");

        Assert.StartsWith("HTTP/1.1 200 ", head, StringComparison.Ordinal);
        Assert.Equal("[]", found);
    }

    private Task<(string Head, string Body)> PostAsync(RawConnection connection, string path, string body) => connection.SendAsync(
        $"""
        POST {path} HTTP/1.1
        Host: {_application.Address.Authority}
        Authorization: Token {TestServers.ApiKey}
        Content-Type: application/json; charset=utf-8
        """,
        body);

    private Task<(string Head, string Body)> DeleteAsync(RawConnection connection, string path) => connection.SendAsync(
        $"""
        DELETE {path} HTTP/1.1
        Host: {_application.Address.Authority}
        Authorization: Token {TestServers.ApiKey}
        """,
        null);

    // Names are told apart by case, a score that is no number and a time that is none are errors: as their readers have it.
    private sealed record SearchResponseItem(
        [property: JsonPropertyName("id")] string Id,
        [property: JsonPropertyName("memory")] string Memory,
        [property: JsonPropertyName("hash")] string Hash,
        [property: JsonPropertyName("metadata")] object? Metadata,
        [property: JsonPropertyName("score")] double Score,
        [property: JsonPropertyName("created_at")] DateTime CreatedAt,
        [property: JsonPropertyName("updated_at")] DateTime? UpdatedAt,
        [property: JsonPropertyName("user_id")] string? UserId,
        [property: JsonPropertyName("app_id")] string? AppId,
        [property: JsonPropertyName("agent_id")] string? AgentId,
        [property: JsonPropertyName("session_id")] string? RunId);
}
