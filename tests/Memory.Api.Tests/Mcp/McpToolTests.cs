using System.Text.Json;
using Memory.Api.Tests.Auth;
using Memory.Testing;

namespace Memory.Api.Tests.Mcp;

public sealed class McpToolTests(ApiApplication application) : IClassFixture<ApiApplication>
{
    private readonly string _user = ApiApplication.NewUser();

    [Fact]
    public async Task The_tools_have_the_names_and_arguments_that_hosts_know()
    {
        McpSession session = await BeginAsync();

        JsonElement[] tools = [.. (await session.CallAsync("tools/list", new { })).Message.GetProperty("result").GetProperty("tools").EnumerateArray()];

        Assert.Equal(
            ["add_memory", "delete_all_memories", "delete_entities", "delete_memory", "get_context", "get_event_status", "get_memories", "get_memory", "list_entities", "list_events", "search_memories", "update_memory"],
            tools.Select(tool => tool.GetProperty("name").GetString()!).Order(StringComparer.Ordinal));
        Assert.All(tools, tool => Assert.True(tool.GetProperty("description").GetString()!.Length > 20));
        string[] searched = [.. tools.Single(tool => tool.GetProperty("name").GetString() == "search_memories").GetProperty("inputSchema").GetProperty("properties").EnumerateObject().Select(one => one.Name)];
        Assert.Empty(new[] { "query", "filters", "limit", "top_k", "as_of", "known_at", "enable_graph" }.Except(searched));
    }

    [Fact]
    public async Task A_memory_is_added_found_read_changed_and_deleted()
    {
        McpSession session = await BeginAsync();

        JsonElement added = await session.UseAsync("add_memory", new { text = "User plays the cello", user_id = _user, infer = false, metadata = new { Source = "mcp" } });
        string id = added.GetProperty("results")[0].GetProperty("id").GetString()!;
        JsonElement found = await session.UseAsync("search_memories", new { query = "cello", filters = new { user_id = _user }, top_k = 1, limit = (int?)null });
        JsonElement read = await session.UseAsync("get_memory", new { memory_id = id });
        await session.UseAsync("update_memory", new { memory_id = id, text = "User plays the viola", expiration_date = (string?)null });
        JsonElement listed = await session.UseAsync("get_memories", new { filters = new { user_id = _user }, page = 1, page_size = 5 });
        await session.UseAsync("delete_memory", new { memory_id = id });

        Assert.Equal(id, found.GetProperty("results")[0].GetProperty("id").GetString());
        Assert.Equal("mcp", read.GetProperty("metadata").GetProperty("Source").GetString());
        Assert.Equal("User plays the viola", Assert.Single(listed.GetProperty("results").EnumerateArray().ToArray()).GetProperty("memory").GetString());
        (bool isError, JsonElement gone) = await session.TryAsync("get_memory", new { memory_id = id });
        Assert.True(isError);
        Assert.Equal("urn:memory:problem:not-found", gone.GetProperty("type").GetString());
    }

    [Fact]
    public async Task What_is_said_is_distilled_and_its_event_tells_when()
    {
        McpSession session = await BeginAsync();

        JsonElement added = await session.UseAsync("add_memory", new { text = "I live in Lisbon.", user_id = _user });
        string id = added.GetProperty("event_id").GetString()!;
        Assert.Equal("PENDING", (await session.UseAsync("get_event_status", new { event_id = id })).GetProperty("status").GetString());
        await application.DrainAsync();

        Assert.Equal("SUCCEEDED", (await session.UseAsync("get_event_status", new { event_id = id })).GetProperty("status").GetString());
        JsonElement events = await session.UseAsync("list_events", new { user_id = _user, page_size = 10 });
        Assert.Equal(id, Assert.Single(events.GetProperty("results").EnumerateArray().ToArray()).GetProperty("id").GetString());
        JsonElement context = await session.UseAsync("get_context", new { query = "Where is home?", user_id = _user, token_budget = 500 });
        Assert.Contains("Lisbon", context.GetProperty("block").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_search_can_ask_what_was_believed_at_another_time()
    {
        string id = await application.Api.KeepAsync(_user, "User lives in Porto");
        DateTimeOffset then = DateTimeOffset.UtcNow;
        (await application.Api.PutAsync($"/v1/memories/{id}/", new { text = "User lives in Faro" })).Ok();
        McpSession session = await BeginAsync();

        JsonElement before = await session.UseAsync("search_memories", new { query = "Where does the user live?", filters = new { user_id = _user }, known_at = then });

        Assert.Equal("User lives in Porto", before.GetProperty("results")[0].GetProperty("memory").GetString());
    }

    [Fact]
    public async Task Everything_of_somebody_is_deleted_and_that_one_is_listed_no_more()
    {
        string run = $"talk/{Guid.NewGuid():N} 100%";
        McpSession session = await BeginAsync();
        await session.UseAsync("add_memory", new { text = "User has a cat", user_id = _user, infer = false });
        await session.UseAsync("add_memory", new { text = "It rains", run_id = run, infer = false });
        Assert.Contains(run, await NamesAsync(session));

        await session.UseAsync("delete_all_memories", new { user_id = _user });
        await session.UseAsync("delete_entities", new { run_id = run });

        Assert.Empty((await session.UseAsync("get_memories", new { filters = new { user_id = _user } })).GetProperty("results").EnumerateArray());
        Assert.Empty(new[] { run, _user }.Intersect(await NamesAsync(session)));
    }

    [Fact]
    public async Task A_conversation_may_stand_in_place_of_a_text()
    {
        McpSession session = await BeginAsync();

        JsonElement added = await session.UseAsync(
            "add_memory", new { text = "", messages = new[] { new { role = "user", content = "User is called Ana" } }, user_id = _user, infer = false });

        Assert.Equal("User is called Ana", added.GetProperty("results")[0].GetProperty("memory").GetString());
    }

    [Theory]
    [InlineData("add_memory", "{}", 400)]
    [InlineData("add_memory", """{"text":"x","user_id":"a","filters":{"user_id":"b"}}""", 400)]
    [InlineData("search_memories", """{"query":"","filters":{"user_id":"u"}}""", 400)]
    [InlineData("search_memories", """{"query":"x","filters":{"user_id":"u","nonsense":1}}""", 400)]
    [InlineData("search_memories", """{"query":"x","filters":"u"}""", 400)]
    [InlineData("search_memories", """{"query":7,"filters":{"user_id":"u"}}""", 400)]
    [InlineData("get_memories", """{"filters":{"user_id":"u"},"page":0}""", 400)]
    [InlineData("get_memory", "{}", 400)]
    [InlineData("get_memory", """{"memory_id":"../../../v1/ping"}""", 404)]
    [InlineData("update_memory", """{"memory_id":"00000000-0000-7000-8000-00000000abcd","text":"x"}""", 404)]
    [InlineData("delete_entities", "{}", 400)]
    [InlineData("delete_entities", """{"user_id":"a","run_id":"b"}""", 400)]
    public async Task A_failure_is_the_error_of_the_route_and_the_session_lives_on(string tool, string arguments, int status)
    {
        McpSession session = await BeginAsync();

        (bool isError, JsonElement body) = await session.TryAsync(tool, JsonElement.Parse(arguments));

        Assert.True(isError, body.GetRawText());
        Assert.Equal(status == 404 ? "urn:memory:problem:not-found" : "", status == 404 ? body.GetProperty("type").GetString() : "");
        Assert.False(string.IsNullOrWhiteSpace(body.GetProperty("detail").GetString()));
        await session.UseAsync("get_memories", new { filters = new { user_id = _user } });
    }

    [Fact]
    public async Task A_tool_that_is_none_is_an_error_and_the_session_lives_on()
    {
        McpSession session = await BeginAsync();

        McpAnswer answer = await session.CallAsync("tools/call", new { name = "drop_tables", arguments = new { } });

        Assert.True(answer.Message.TryGetProperty("error", out _) || answer.Message.GetProperty("result").GetProperty("isError").GetBoolean());
        await session.UseAsync("get_memories", new { filters = new { user_id = _user } });
    }

    [Theory]
    [InlineData("read", "add_memory", """{"text":"x","user_id":"u"}""")]
    [InlineData("read", "update_memory", """{"memory_id":"00000000-0000-7000-8000-00000000abcd","text":"x"}""")]
    [InlineData("read write", "delete_memory", """{"memory_id":"00000000-0000-7000-8000-00000000abcd"}""")]
    [InlineData("read write", "delete_all_memories", """{"user_id":"u"}""")]
    [InlineData("read", "delete_entities", """{"user_id":"u"}""")]
    public async Task A_tool_needs_the_scope_that_its_route_needs(string scopes, string tool, string arguments)
    {
        McpSession session = await BeginAsync(await new SecondProject(application.Database).NewKeyAsync(scopes.Split(' ')));

        (bool isError, JsonElement body) = await session.TryAsync(tool, JsonElement.Parse(arguments));

        Assert.True(isError, body.GetRawText());
        Assert.Equal("urn:memory:problem:forbidden", body.GetProperty("type").GetString());
    }

    [Fact]
    public async Task A_key_of_one_user_means_that_user()
    {
        McpSession session = await BeginAsync(await new SecondProject(application.Database).NewKeyOfAsync(_user));

        await session.UseAsync("add_memory", new { text = "User has a cat", infer = false });

        Assert.Equal(1, (await session.UseAsync("get_memories", new { })).GetProperty("count").GetInt32());
        Assert.NotEqual(0, (await session.UseAsync("search_memories", new { query = "cat" })).GetProperty("results").GetArrayLength());
        Assert.Equal(["User has a cat"], (await application.Api.ListAsync(_user)).Memories);
        (bool isError, _) = await session.TryAsync("get_memories", new { filters = new { user_id = "somebody-else" } });
        Assert.True(isError);
    }

    [Fact]
    public async Task Who_names_nobody_means_the_operators_default_user_and_who_names_anybody_does_not()
    {
        McpSession session = await BeginAsync();
        await session.UseAsync("add_memory", new { text = "User has a heron", infer = false });
        await session.UseAsync("add_memory", new { text = "Agent has a stork", agent_id = _user, infer = false });

        Assert.Contains("User has a heron", (await application.Api.ListAsync("mem0-mcp")).Memories);
        Assert.Contains("heron", (await session.UseAsync("search_memories", new { query = "heron" })).GetProperty("results")[0].GetProperty("memory").GetString(), StringComparison.Ordinal);
        Assert.NotEqual(0, (await session.UseAsync("get_memories", new { })).GetProperty("count").GetInt32());
        JsonElement agents = await session.UseAsync("get_memories", new { filters = new { agent_id = _user } });
        Assert.Equal("Agent has a stork", Assert.Single(agents.GetProperty("results").EnumerateArray().ToArray()).GetProperty("memory").GetString());
        Assert.DoesNotContain("Agent has a stork", (await application.Api.ListAsync("mem0-mcp")).Memories);
    }

    [Fact]
    public async Task The_users_own_filters_stay_beside_the_default_user()
    {
        await application.Api.KeepAsync(_user, "User likes tea", agent: "one");
        await application.Api.KeepAsync(_user, "User likes coffee", agent: "two");
        var session = new McpSession(application.NewHttpClient(), TestServers.ApiKey) { User = _user };
        await session.BeginAsync();

        JsonElement listed = await session.UseAsync("get_memories", new { filters = new { agent_id = "one" } });

        Assert.Equal("User likes tea", Assert.Single(listed.GetProperty("results").EnumerateArray().ToArray()).GetProperty("memory").GetString());
    }

    private async Task<McpSession> BeginAsync(string? key = null)
    {
        var session = new McpSession(application.NewHttpClient(), key ?? TestServers.ApiKey);
        await session.BeginAsync();
        return session;
    }

    private static async Task<List<string>> NamesAsync(McpSession session) =>
        [.. (await session.UseAsync("list_entities", new { page_size = 200 })).GetProperty("results").EnumerateArray().Select(entity => entity.GetProperty("name").GetString()!)];
}
