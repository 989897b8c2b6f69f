using System.Text.Json;
using Memory.Api.Tests.Auth;

namespace Memory.Api.Tests.Mem0.Server;

/// <summary>The self-hosted server's paths, as its dashboard and hand-written callers use them.</summary>
public sealed class ServerTests : IAsyncLifetime
{
    private readonly ApiApplication _application = ApiApplication.With(new Dictionary<string, string?> { ["Memory:Mem0Server:WaitMilliseconds"] = "20000" });
    private readonly string _user = ApiApplication.NewUser();

    private ApiClient Api => _application.Api;

    public Task InitializeAsync() => _application.InitializeAsync();

    public Task DisposeAsync() => _application.DisposeAsync();

    [Fact]
    public async Task An_add_answers_what_was_distilled()
    {
        Task<Answer> adding = Api.PostAsync("/memories", new { user_id = _user, messages = new[] { new { role = "user", content = "I live in Lisbon." } } });
        for (var tries = 0; !adding.IsCompleted && tries < 1_000; tries++)
        {
            await _application.DrainAsync();
            await Task.WhenAny(adding, Task.Delay(20));
        }

        Answer added = (await adding).Ok();
        Assert.Equal(("User lives in Lisbon", "ADD"), (Assert.Single(added.Memories), added.Results[0].GetProperty("event").GetString()));
        Assert.Equal("SUCCEEDED", (await Api.GetAsync($"/v1/event/{added["event_id"].GetString()}/"))["status"].GetString());
    }

    [Fact]
    public async Task An_add_that_failed_is_a_failure_of_what_stands_behind()
    {
        Task<Answer> adding = Api.PostAsync("/memories", new { user_id = _user, messages = new[] { new { role = "user", content = "I live in Lisbon." } } });
        for (var tries = 0; !adding.IsCompleted && tries < 1_000; tries++)
        {
            await _application.Database.ExecuteAsync("update events set status = 'FAILED', error = 'The model refused.', completed_at = now() where owner_id = $1", _user);
            await Task.WhenAny(adding, Task.Delay(20));
        }

        Answer failed = await adding;
        failed.IsRefusedWith(502);
        Assert.Contains("The model refused.", failed["detail"].GetString(), StringComparison.Ordinal);
        Assert.Equal("distilling-failed", failed["code"].GetString());
        Assert.Equal(Assert.Single(failed.Headers.GetValues("X-Request-ID")), failed["request_id"].GetString());
    }

    [Theory]
    [InlineData("/memories", """{"user_id":"a","messages":"x","infer":"yes"}""", "infer")]
    [InlineData("/memories", """{"user_id":"a"}""", "messages")]
    [InlineData("/memories", """{"user_id":"a","messages":[7]}""", "messages")]
    [InlineData("/memories", "{", null)]
    [InlineData("/memories", "", null)]
    [InlineData("/search", """{"filters":{"user_id":"a"}}""", "query")]
    [InlineData("/search", """{"query":7,"filters":{"user_id":"a"}}""", "query")]
    [InlineData("/api-keys", """{"label":7}""", "label")]
    public async Task What_is_wrong_with_a_body_is_a_list(string path, string body, string? field)
    {
        Answer refused = await Api.PostTextAsync(path, body);

        Assert.True(refused.Status == 422, $"{refused.Status}: {refused.Text}");
        JsonElement wrong = Assert.Single(refused["detail"].EnumerateArray().ToArray());
        Assert.Equal(field is null ? ["body"] : ["body", field], wrong.GetProperty("loc").EnumerateArray().Take(2).Select(part => part.GetString()));
        Assert.Equal(refused["message"].GetString(), wrong.GetProperty("msg").GetString());
        Assert.NotEmpty(wrong.GetProperty("type").GetString()!);
        (await Api.PostTextAsync("/v3/memories/add/", "{")).IsRefusedWith(400);
        (await Api.PostAsync("/memories", new { messages = new[] { new { role = "user", content = "I sing." } } })).IsRefusedWith(400);
    }

    [Fact]
    public async Task A_memory_is_kept_read_changed_and_deleted()
    {
        string id = await KeepAsync("User plays the cello", new { user_id = _user, agent_id = "coach" });

        Answer read = (await Api.GetAsync($"/memories/{id}")).Ok();
        Assert.Equal("Memory updated successfully!", (await Api.PutAsync($"/memories/{id}", new { text = "User plays the violin", metadata = new { deepKey = 1 } })).Ok()["message"].GetString());
        Answer changed = (await Api.GetAsync($"/memories/{id}/")).Ok();
        Assert.Equal("Memory deleted successfully", (await Api.DeleteAsync($"/memories/{id}")).Ok()["message"].GetString());
        Answer history = (await Api.GetAsync($"/memories/{id}/history")).Ok();

        Assert.Equal((_user, "coach"), (read["user_id"].GetString(), read["agent_id"].GetString()));
        Assert.False(read.Body.TryGetProperty("run_id", out _) || read.Body.TryGetProperty("app_id", out _) || read.Body.TryGetProperty("categories", out _));
        Assert.Equal(1, changed["metadata"].GetProperty("deepKey").GetInt32());
        Assert.Equal(["ADD", "UPDATE", "DELETE"], history.Body.EnumerateArray().Select(version => version.GetProperty("event").GetString()));
        Assert.Equal([false, false, true], history.Body.EnumerateArray().Select(version => version.GetProperty("is_deleted").GetBoolean()));
        (await Api.DeleteAsync($"/memories/{id}")).IsRefusedWith(404);
        (await Api.PutAsync($"/memories/{id}", new { text = "again" })).IsRefusedWith(404);
    }

    [Theory]
    [InlineData("00000000-0000-7000-8000-00000000abcd")]
    [InlineData("no-id")]
    public async Task What_is_unknown_is_null(string id)
    {
        Answer answer = (await Api.GetAsync($"/memories/{id}")).Ok();

        Assert.Equal(("null", "application/json"), (answer.Text, answer.ContentType));
    }

    [Fact]
    public async Task Memories_are_listed_and_searched_by_ids()
    {
        await KeepAsync("User plays the cello", new { user_id = _user });
        await KeepAsync("User swims", new { user_id = _user, agent_id = "coach" });
        await KeepAsync("User has a parking permit", new { user_id = _user, expiration_date = "2020-01-01" });

        Assert.Equal(["User plays the cello", "User swims"], (await Api.GetAsync($"/memories?user_id={_user}")).Ok().Memories.Order());
        Assert.Equal(3, (await Api.GetAsync($"/memories/?user_id={_user}&show_expired=true")).Ok().Results.Count);
        Assert.Equal(["User swims"], (await Api.GetAsync("/memories?agent_id=coach")).Ok().Memories);
        Assert.Single((await Api.GetAsync($"/memories?user_id={_user}&top_k=1")).Ok().Results);
        Assert.Empty((await Api.GetAsync($"/memories?user_id={_user}&top_k=0")).Ok().Results);
        (await Api.GetAsync($"/memories?user_id={_user}&top_k=1001")).IsRefusedWith(400);
        Answer found = (await Api.PostAsync("/search", new { query = "cello", filters = new { user_id = _user }, explain = true })).Ok();
        Assert.Equal(["User plays the cello"], found.Memories);
        Assert.InRange(found.Results[0].GetProperty("score").GetDouble(), 0.1, 1);
        Assert.NotEmpty(found.Results[0].GetProperty("score_details").EnumerateObject());
        Assert.Equal(["User plays the cello"], (await Api.PostAsync("/search", new { query = "cello", user_id = _user })).Ok().Memories);
        (await Api.PostAsync("/search", new { query = "cello", filters = new { user_id = _user, colour = "red" } })).IsRefusedWith(400);
        (await Api.PostAsync("/search", new { query = "cello" })).IsRefusedWith(400);
    }

    [Fact]
    public async Task What_concerns_everybody_takes_an_admins_key()
    {
        await KeepAsync("User plays the cello", new { user_id = _user });
        await KeepAsync("User swims", new { user_id = "somebody else" });
        var second = new SecondProject(_application.Database);
        ApiClient worker = _application.As(await second.NewKeyAsync("read", "write", "delete"));
        ApiClient bound = _application.As(await second.NewKeyOfAsync(_user));
        ApiClient stranger = _application.As(await second.NewProjectAsync());

        (await worker.GetAsync("/memories")).IsRefusedWith(403);
        (await worker.DeleteAsync($"/memories?user_id={_user}")).IsRefusedWith(403);
        (await worker.PostAsync("/reset", new { })).IsRefusedWith(403);
        (await worker.DeleteAsync($"/entities/user/{_user}")).IsRefusedWith(403);
        (await bound.GetAsync("/memories")).IsRefusedWith(403);
        (await bound.PostAsync("/reset", new { })).IsRefusedWith(403);
        Assert.Empty((await stranger.GetAsync("/memories")).Ok().Results);
        (await stranger.PostAsync("/reset", new { })).Ok();
        (await Api.DeleteAsync("/memories")).IsRefusedWith(400);
        Assert.Equal(2, (await Api.GetAsync("/memories")).Ok().Results.Count);

        Assert.Equal("All relevant memories deleted", (await Api.DeleteAsync($"/memories?user_id={_user}")).Ok()["message"].GetString());
        Assert.Equal(["User swims"], (await Api.GetAsync("/memories")).Ok().Memories);
        Assert.Equal("All memories reset", (await Api.SendAsync(HttpMethod.Post, "/reset", null)).Ok()["message"].GetString());
        Assert.Empty((await Api.GetAsync("/memories")).Ok().Results);
    }

    [Fact]
    public async Task Entities_are_a_bare_list_and_deleted_by_name()
    {
        await KeepAsync("User swims", new { user_id = "a/b", run_id = _user });

        Answer all = (await Api.GetAsync("/entities")).Ok();
        Assert.Equal([("run", _user), ("user", "a/b")], all.Body.EnumerateArray().Select(entity => (entity.GetProperty("type").GetString(), entity.GetProperty("id").GetString())).Order());
        Assert.Equal("Entity deleted", (await Api.DeleteAsync("/entities/user/a%2Fb")).Ok()["message"].GetString());
        Assert.Equal("[]", (await Api.GetAsync("/entities/")).Ok().Text);
        (await Api.DeleteAsync("/entities/team/a")).IsRefusedWith(400);
    }

    [Fact]
    public async Task What_runs_is_shown_without_secrets_and_is_not_changed()
    {
        Answer shown = (await Api.GetAsync("/configure")).Ok();
        Answer refused = await Api.PostAsync("/configure", new { llm = new { provider = "openai", config = new { openai_base_url = "http://127.0.0.1:1" } } });

        Assert.Equal("builtin", shown["llm"].GetProperty("provider").GetString());
        Assert.Equal(1024, shown["embedder"].GetProperty("config").GetProperty("embedding_dims").GetInt32());
        Assert.DoesNotContain(Memory.Testing.TestServers.ApiKey, shown.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Password", shown.Text, StringComparison.OrdinalIgnoreCase);
        refused.IsRefusedWith(403);
        Assert.Equal(shown.Text, (await Api.GetAsync("/configure/")).Text);
        Assert.Contains("builtin", (await Api.GetAsync("/configure/providers")).Ok()["llm"].EnumerateArray().Select(name => name.GetString()));
        Answer written = (await Api.PostAsync("/generate-instructions", new { use_case = "a running coach" })).Ok();
        Assert.Contains("a running coach", written["custom_instructions"].GetString(), StringComparison.Ordinal);
        Assert.NotEmpty(written["test_message"].GetString()!);
        (await Api.PostAsync("/generate-instructions", new { use_case = " " })).IsRefusedWith(400);
    }

    [Theory]
    [InlineData("/memories", 401)]
    [InlineData("/configure", 401)]
    [InlineData("/nothing", 404)]
    public async Task Every_answer_has_an_id_of_its_own_also_one_that_refuses(string path, int status)
    {
        Answer refused = await _application.As(null).GetAsync(path);

        refused.IsRefusedWith(status);
        string id = Assert.Single(refused.Headers.GetValues("X-Request-ID"));
        Assert.Equal(refused["traceId"].GetString(), id);
        Assert.NotEqual(id, Assert.Single((await Api.GetAsync("/entities")).Headers.GetValues("X-Request-ID")));
    }

    private async Task<string> KeepAsync(string text, object ids)
    {
        var body = JsonSerializer.SerializeToNode(ids)!.AsObject();
        body["infer"] = false;
        body["messages"] = JsonSerializer.SerializeToNode(new[] { new { role = "user", content = text } });
        return Assert.Single((await Api.PostAsync("/memories", body)).Ok().Results).GetProperty("id").GetString()!;
    }
}
