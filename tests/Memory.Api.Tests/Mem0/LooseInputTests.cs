using System.Text.Json;

namespace Memory.Api.Tests.Mem0;

/// <summary>What clients send in more ways than one.</summary>
public sealed class LooseInputTests(ApiApplication application) : IClassFixture<ApiApplication>
{
    private readonly string _user = ApiApplication.NewUser();

    [Fact]
    public async Task Ids_beside_filters_and_inside_them_are_one_scope()
    {
        (await AddAsync(new { user_id = _user, filters = new { agent_id = "coach" } })).Ok();
        (await AddAsync(new { user_id = _user, filters = new { AND = new object[] { new { user_id = _user }, new { run_id = "monday" } } } })).Ok();
        (await AddAsync(new { user_id = _user, filters = new { } })).Ok();

        Answer contradiction = await AddAsync(new { user_id = _user, filters = new { user_id = $"{_user}-2" } });

        contradiction.IsRefusedWith(400);
        JsonElement memory = Assert.Single((await application.Api.ListAsync(_user)).Results);
        Assert.Equal(("coach", "monday"), (memory.GetProperty("agent_id").GetString(), memory.GetProperty("run_id").GetString()));
        Assert.Empty((await application.Api.ListAsync($"{_user}-2")).Results);
    }

    [Fact]
    public async Task An_empty_id_in_a_query_is_refused_since_it_would_widen_what_is_meant()
    {
        await application.Api.KeepAsync(_user, "User sings");

        (await application.Api.GetAsync($"/v1/memories/?user_id={_user}&agent_id=&app_id=&run_id=")).IsRefusedWith(400);
        (await application.Api.DeleteAsync("/v1/memories/?user_id=&agent_id=&app_id=&run_id=")).IsRefusedWith(400);
        (await application.Api.DeleteAsync($"/v1/memories/?user_id={_user}&agent_id=")).IsRefusedWith(400);
        Assert.Single((await application.Api.ListAsync(_user)).Results);
    }

    [Fact]
    public async Task An_id_that_is_a_number_is_its_text_wherever_the_body_is_cut()
    {
        // The server reads a body in pieces of four thousand bytes.
        for (var blanks = 4_000; blanks < 4_100; blanks += 3)
        {
            Answer added = await application.Api.PostTextAsync(
                "/v3/memories/add/", $$"""{{{new string(' ', blanks)}}"user_id":1234567890123,"infer":false,"messages":"User counts"}""");

            added.Ok();
        }

        Assert.Equal("1234567890123", Assert.Single((await application.Api.ListAsync("1234567890123")).Results).GetProperty("user_id").GetString());
        Assert.Equal(0, await application.Database.ScalarAsync<long>("select count(*) from memories where owner_id <> '1234567890123' and content = 'User counts'"));
    }

    [Fact]
    public async Task A_bare_list_is_as_long_as_its_limit_says_in_the_body_or_the_query()
    {
        foreach (string what in (string[])["sings", "hums", "dances"])
            await application.Api.KeepAsync(_user, $"User {what}");

        Assert.Equal(2, await CountAsync("", $$"""{"user_id":"{{_user}}","limit":2}"""));
        Assert.Equal(1, await CountAsync("", $$"""{"user_id":"{{_user}}","top_k":1}"""));
        Assert.Equal(1, await CountAsync("?limit=1", $$"""{"user_id":"{{_user}}","limit":2}"""));
        Assert.Equal(3, await CountAsync("", $$"""{"user_id":"{{_user}}","limit":5000}"""));
        Assert.Equal(2, (await application.Api.GetAsync($"/v1/memories/?user_id={_user}&top_k=2")).Ok().Body.GetArrayLength());
        Assert.Equal(2, (await application.Api.GetAsync($"/v1/memories/?user_id={_user}&limit=2")).Ok().Body.GetArrayLength());
    }

    [Theory]
    [InlineData("coach")]
    [InlineData("cook")]
    public async Task Of_several_agents_a_memory_names_the_one_that_was_asked_for(string agent)
    {
        await application.Api.KeepAsync(_user, "User sings", agent: "coach");
        (await AddAsync(new { user_id = _user, agent_id = "cook" })).Ok();
        var filters = new { user_id = _user, agent_id = agent };

        Answer listed = (await application.Api.PostAsync("/v3/memories/", new { filters })).Ok();
        Answer found = (await application.Api.PostAsync("/v3/memories/search/", new { query = "User sings", threshold = 0, filters })).Ok();
        Answer served = (await application.Api.GetAsync($"/memories?user_id={_user}&agent_id={agent}")).Ok();
        Answer searched = (await application.Api.PostAsync("/search", new { query = "User sings", threshold = 0, filters })).Ok();

        Assert.All([listed, found, served, searched], answer => Assert.Equal(agent, Assert.Single(answer.Results).GetProperty("agent_id").GetString()));
    }

    private Task<Answer> AddAsync(object ids)
    {
        var body = JsonSerializer.SerializeToNode(ids)!.AsObject();
        body["infer"] = false;
        body["messages"] = "User sings";
        return application.Api.PostAsync("/v3/memories/add/", body);
    }

    private async Task<int> CountAsync(string query, string body) =>
        (await application.Api.PostTextAsync($"/v2/memories/{query}", body)).Ok().Body.GetArrayLength();
}
