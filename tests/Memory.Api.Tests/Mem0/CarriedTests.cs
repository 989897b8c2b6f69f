using System.Text.Json;
using System.Text.Json.Nodes;
using Memory.Api.Tests.Auth;

namespace Memory.Api.Tests.Mem0;

/// <summary>
/// An agent, an app or a run alone means all that was said to it, whoever owns it, for an operator's key; any other key that
/// is not bound means a run's, and a bound one never reaches beyond its own.
/// </summary>
public sealed class CarriedTests(ApiApplication application) : IClassFixture<ApiApplication>
{
    private readonly string _user = ApiApplication.NewUser();
    private readonly string _other = ApiApplication.NewUser();

    [Theory]
    [InlineData("agent_id")]
    [InlineData("app_id")]
    [InlineData("run_id")]
    public async Task What_was_said_to_it_is_found_and_listed_under_each_of_its_ids(string name)
    {
        string id = $"{name}/{_user}";
        await KeepAsync("User lives in Lisbon", ("user_id", _user), (name, id));
        await KeepAsync("User lives in Porto", ("user_id", _other), (name, id));
        await KeepAsync("User lives in Faro", ("user_id", _other));
        await KeepAsync("The office is in Braga where people live", (name, id));

        string[] shared = ["The office is in Braga where people live", "User lives in Lisbon", "User lives in Porto"];
        Assert.Equal(shared, await ListedAsync((name, id)));
        Assert.Equal(shared, await FoundAsync((name, id)));
        Assert.Equal(["User lives in Lisbon"], await ListedAsync(("user_id", _user), (name, id)));
        Assert.Equal(["User lives in Lisbon"], await FoundAsync(("user_id", _user), (name, id)));
        Assert.Equal(["User lives in Lisbon"], await FoundAsync(("user_id", _user)));
        Assert.Equal(3, (await ListAsync((name, id)))["count"].GetInt32());
    }

    [Fact]
    public async Task Pages_of_an_agents_memories_hold_each_once()
    {
        string agent = $"coach of {_user}";
        foreach (int number in Enumerable.Range(0, 7))
            await KeepAsync($"User owns book {number}", ("user_id", number % 2 == 0 ? _user : _other), ("agent_id", agent), ("run_id", agent));

        List<Answer> pages = [];
        foreach (int page in (int[])[1, 2, 3])
            pages.Add((await application.Api.PostAsync($"/v3/memories/?page={page}&page_size=3", new { filters = Either(agent) })).Ok());

        Assert.All(pages, page => Assert.Equal(7, page["count"].GetInt32()));
        Assert.Equal([3, 3, 1], pages.Select(page => page.Results.Count));
        Assert.Equal(7, pages.SelectMany(page => page.Memories).Distinct().Count());

        JsonNode Either(string id) => JsonNode.Parse($$"""{"OR":[{"agent_id":{{JsonSerializer.Serialize(id)}}},{"run_id":{{JsonSerializer.Serialize(id)}}},{"user_id":"{{_user}}"}]}""")!;
    }

    [Fact]
    public async Task A_key_of_one_user_does_not_see_what_others_said_to_the_agent()
    {
        string agent = $"coach of {_user}";
        await KeepAsync("User lives in Lisbon", ("user_id", _user), ("agent_id", agent));
        await KeepAsync("User lives in Porto", ("user_id", _other), ("agent_id", agent));
        ApiClient own = application.As(await new SecondProject(application.Database).NewKeyOfAsync(_user));

        Answer mine = await own.PostAsync("/v3/memories/", new { filters = new { user_id = _user, agent_id = agent } });

        Assert.Equal(["User lives in Lisbon"], mine.Ok().Memories);
        (await own.PostAsync("/v3/memories/", new { filters = new { agent_id = agent } })).IsRefusedWith(403);
        (await own.PostAsync("/v3/memories/search/", new { query = "Where?", filters = new { agent_id = agent } })).IsRefusedWith(403);
        (await own.DeleteAsync($"/v1/memories/?agent_id={Uri.EscapeDataString(agent)}")).IsRefusedWith(403);
    }

    [Fact]
    public async Task An_agents_own_key_finds_what_the_agent_owns_and_not_what_its_users_told_it()
    {
        string agent = $"coach of {_user}";
        await KeepAsync("User lives in Lisbon", ("user_id", _user), ("agent_id", agent), ("run_id", agent));
        await KeepAsync("The office where people live is in Braga", ("agent_id", agent));
        ApiClient own = application.As(await new SecondProject(application.Database).NewKeyAsync(scopes: ["read", "write", "delete"]));

        Assert.Equal(["The office where people live is in Braga"], (await own.PostAsync("/v3/memories/", new { filters = new { agent_id = agent } })).Ok().Memories);
        Assert.Equal(
            ["The office where people live is in Braga"],
            (await own.PostAsync("/v3/memories/search/", new { query = "Where do people live?", filters = new { agent_id = agent }, threshold = 0 })).Ok().Memories);
        Assert.Equal(["User lives in Lisbon"], (await own.PostAsync("/v3/memories/", new { filters = new { run_id = agent } })).Ok().Memories);
        (await own.DeleteAsync($"/v1/memories/?agent_id={Uri.EscapeDataString(agent)}")).Ok();
        Assert.Equal(["User lives in Lisbon"], await ListedAsync(("user_id", _user)));
    }

    [Fact]
    public async Task Another_projects_agent_of_the_same_name_is_another_one()
    {
        string agent = $"coach of {_user}";
        ApiClient second = application.As(await new SecondProject(application.Database).NewProjectAsync());
        await KeepAsync("User lives in Lisbon", ("user_id", _user), ("agent_id", agent));

        Assert.Empty((await second.PostAsync("/v3/memories/", new { filters = new { agent_id = agent } })).Ok().Results);
        Assert.Empty((await second.PostAsync("/v3/memories/search/", new { query = "Where do I live?", filters = new { agent_id = agent } })).Ok().Results);
        (await second.DeleteAsync($"/v1/memories/?agent_id={Uri.EscapeDataString(agent)}")).Ok();
        Assert.Single(await ListedAsync(("agent_id", agent)));
    }

    [Fact]
    public async Task A_question_to_more_owners_than_can_be_asked_says_how_to_narrow_it()
    {
        string agent = $"everybody's {_user}";
        await KeepAsync("User lives in Lisbon", ("user_id", _user), ("agent_id", agent));
        await application.Database.ExecuteAsync(
            """
            with lane as (
                   insert into lanes (project_id, owner_kind, owner_id)
                   select m.project_id, 'user', m.owner_id || n from memories m, generate_series(1, 100) n where m.owner_id = $1
                   returning owner_id)
            insert into memories (project_id, owner_kind, owner_id, id, collection, version, status, kind, content, content_hash, words, importance, confidence, trusted, agent_ids, created_at, updated_at)
            select m.project_id, 'user', lane.owner_id, gen_random_uuid(), m.collection, 1, 'active', m.kind, m.content, m.content_hash, m.words, m.importance, m.confidence, m.trusted, m.agent_ids, m.created_at, m.updated_at
              from memories m, lane
             where m.owner_id = $1
            """,
            _user);

        Answer refused = await application.Api.PostAsync("/v3/memories/search/", new { query = "Where do I live?", filters = new { agent_id = agent } });

        refused.IsRefusedWith(400);
        Assert.Contains("user_id", refused["detail"].GetString(), StringComparison.Ordinal);
        Assert.Equal(["User lives in Lisbon"], await FoundAsync(("user_id", _user), ("agent_id", agent)));
    }

    private async Task KeepAsync(string text, params (string Name, string Id)[] ids) => (await application.Api.PostAsync(
        "/v3/memories/add/",
        new JsonObject(ids.Select(one => KeyValuePair.Create(one.Name, (JsonNode?)one.Id)))
        {
            ["infer"] = false,
            ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = text }),
        })).Ok();

    private async Task<Answer> ListAsync(params (string Name, string Id)[] ids) =>
        (await application.Api.PostAsync("/v3/memories/", new { filters = Filters(ids) })).Ok();

    private async Task<IEnumerable<string?>> ListedAsync(params (string Name, string Id)[] ids) => (await ListAsync(ids)).Memories.Order();

    private async Task<IEnumerable<string?>> FoundAsync(params (string Name, string Id)[] ids) =>
        (await application.Api.PostAsync("/v3/memories/search/", new { query = "Where does the user live?", filters = Filters(ids), threshold = 0 })).Ok().Memories.Order();

    private static JsonObject Filters((string Name, string Id)[] ids) => new(ids.Select(one => KeyValuePair.Create(one.Name, (JsonNode?)one.Id)));
}
