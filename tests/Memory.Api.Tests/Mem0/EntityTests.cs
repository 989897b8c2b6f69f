using System.Text.Json;
using Memory.Api.Tests.Auth;

namespace Memory.Api.Tests.Mem0;

public sealed class EntityTests : IAsyncLifetime
{
    // Behind a socket: what a path says exactly is seen there alone.
    private readonly ApiApplication _application = ApiApplication.Listening();
    private readonly string _user = ApiApplication.NewUser();

    public Task InitializeAsync() => _application.InitializeAsync();

    public Task DisposeAsync() => _application.DisposeAsync();

    [Fact]
    public async Task Whoever_has_memories_is_listed_with_how_many()
    {
        await KeepAsync(new { user_id = _user, agent_id = "coach", run_id = "monday" }, "User runs", "User swims");
        await KeepAsync(new { user_id = _user, agent_id = "cook" }, "User bakes");
        await KeepAsync(new { agent_id = "coach" }, "The pool opens at nine");

        Answer all = (await _application.Api.GetAsync("/v1/entities/")).Ok();

        Assert.Equal(4, all["count"].GetInt32());
        Assert.Equal(
            [("agent", "coach", 3), ("agent", "cook", 1), ("run", "monday", 2), ("user", _user, 3)],
            all.Results.Select(Told).Order());
        JsonElement entity = all.Results[0];
        Assert.Equal(JsonValueKind.String, entity.GetProperty("id").ValueKind);
        Assert.Equal(JsonValueKind.Object, entity.GetProperty("metadata").ValueKind);
        Assert.True(entity.GetProperty("updated_at").GetDateTimeOffset() >= entity.GetProperty("created_at").GetDateTimeOffset());
    }

    [Fact]
    public async Task Entities_come_in_pages()
    {
        foreach (int number in Enumerable.Range(0, 5))
            await KeepAsync(new { user_id = $"{_user}-{number}" }, "User runs");

        List<Answer> pages = [.. await Task.WhenAll(Enumerable.Range(1, 3).Select(page => _application.Api.GetAsync($"/v1/entities/?page={page}&page_size=2")))];

        Assert.Equal([2, 2, 1], pages.Select(page => page.Ok().Results.Count));
        Assert.Equal(5, pages.SelectMany(page => page.Results).Select(Told).Distinct().Count());
        Assert.Equal([false, false, true], pages.Select(page => page["next"].ValueKind == JsonValueKind.Null));
    }

    [Fact]
    public async Task A_deleted_agent_takes_its_memories_along_whoever_owns_them()
    {
        await KeepAsync(new { user_id = _user, agent_id = "coach" }, "User runs");
        await KeepAsync(new { user_id = _user }, "User bakes");
        await KeepAsync(new { agent_id = "coach" }, "The pool opens at nine");

        Answer deleted = (await _application.Api.DeleteAsync("/v2/entities/agent/coach/")).Ok();

        Assert.Equal(JsonValueKind.String, deleted["message"].ValueKind);
        Assert.Equal(200, (await _application.Api.GetAsync($"/v1/event/{deleted["event_id"].GetString()}/")).Status);
        Assert.Equal([("user", _user, 1)], (await _application.Api.GetAsync("/v1/entities/")).Results.Select(Told));
        Assert.Equal(["User bakes"], (await _application.Api.ListAsync(_user)).Memories);
    }

    [Theory]
    [InlineData("a/b", "a%2Fb")]
    [InlineData("a/b", "a/b")]
    [InlineData("a%2Fb", "a%252Fb")]
    [InlineData("ends/", "ends%2F")]
    [InlineData("Zoë 🙂+\"", "Zo%C3%AB%20%F0%9F%99%82%2B%22")]
    [InlineData("100%", "100%25")]
    [InlineData("me@example.org?x#y", "me%40example.org%3Fx%23y")]
    public async Task A_name_is_what_its_path_says_and_no_other_is_touched(string name, string path)
    {
        string[] names = ["a/b", "a%2Fb", "a", "b", "ends/", "ends", "Zoë 🙂+\"", "100%", "me@example.org?x#y"];
        foreach (string one in names)
            await KeepAsync(new { user_id = one }, "User runs");

        foreach (string form in (string[])[$"/v2/entities/user/{path}/", $"/v2/entities/user/{path}"])
        {
            await using var connection = new RawConnection(_application.Address);
            (string head, _) = await connection.SendAsync(
                $"DELETE {form} HTTP/1.1\nHost: {_application.Address.Authority}\nAuthorization: Token {Memory.Testing.TestServers.ApiKey}", null);
            Assert.StartsWith("HTTP/1.1 200 ", head, StringComparison.Ordinal);
        }

        Assert.Equal(
            names.Except([name]).Order(StringComparer.Ordinal),
            (await _application.Api.GetAsync("/v1/entities/")).Results.Select(entity => entity.GetProperty("name").GetString()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_type_that_is_none_is_refused_and_one_without_memories_is_no_error()
    {
        (await _application.Api.DeleteAsync($"/v2/entities/team/{_user}/")).IsRefusedWith(400);
        (await _application.Api.DeleteAsync("/v2/entities/user/%20/")).IsRefusedWith(400);
        (await _application.Api.DeleteAsync("/v2/entities/user/")).IsRefusedWith(400);
        Assert.False((await _application.Api.DeleteAsync($"/v2/entities/user/{_user}/")).Ok().Body.TryGetProperty("event_id", out _));
        (await _application.Api.DeleteAsync("/v1/entities/user/7/")).IsRefusedWith(404);
    }

    [Fact]
    public async Task A_key_of_one_user_sees_and_deletes_that_users_alone()
    {
        await KeepAsync(new { user_id = _user, agent_id = "coach" }, "User runs");
        await KeepAsync(new { user_id = "somebody else", agent_id = "coach", run_id = "theirs" }, "User swims");
        ApiClient own = _application.As(await new SecondProject(_application.Database).NewKeyOfAsync(_user));

        Answer seen = (await own.GetAsync("/v1/entities/")).Ok();

        Assert.Equal([("agent", "coach", 1), ("user", _user, 1)], seen.Results.Select(Told).Order());
        (await own.DeleteAsync("/v2/entities/agent/coach/")).IsRefusedWith(403);
        (await own.DeleteAsync("/v2/entities/user/somebody%20else/")).IsRefusedWith(403);
        (await own.DeleteAsync($"/v2/entities/user/{_user}/")).Ok();
        Assert.Single((await _application.Api.ListAsync("somebody else")).Results);
    }

    private static (string?, string?, int) Told(JsonElement entity) =>
        (entity.GetProperty("type").GetString(), entity.GetProperty("name").GetString(), entity.GetProperty("total_memories").GetInt32());

    private async Task KeepAsync(object ids, params string[] texts)
    {
        var body = JsonSerializer.SerializeToNode(ids)!.AsObject();
        body["infer"] = false;
        body["messages"] = JsonSerializer.SerializeToNode(texts.Select(text => new { role = "user", content = text }));
        (await _application.Api.PostAsync("/v3/memories/add/", body)).Ok();
    }
}
