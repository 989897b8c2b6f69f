using System.Text.Json;

namespace Memory.Api.Tests.Mem0;

public sealed class SearchTests(ApiApplication application) : IClassFixture<ApiApplication>
{
    private static readonly string[] s_life =
    [
        "I live in Lisbon.", "My favourite colour is green.", "I am allergic to peanuts.", "I work at Contoso as a nurse.",
        "I have a dog called Rex.", "I play the cello every Sunday.",
    ];

    private readonly string _user = ApiApplication.NewUser();

    [Theory]
    [InlineData("Where do I live?", "User lives in Lisbon")]
    [InlineData("What is my favourite colour?", "User's favourite colour is green")]
    [InlineData("peanuts", "User is allergic to peanuts")]
    [InlineData("Which instrument do I play?", "User plays the cello every Sunday")]
    public async Task A_right_answer_comes_first_and_scores_high(string question, string answer)
    {
        await application.Api.AddAsync(_user, s_life);
        await application.DrainAsync();

        Answer found = await application.Api.SearchAsync(_user, question);

        JsonElement best = found.Results[0];
        Assert.Equal(answer, best.GetProperty("memory").GetString());
        Assert.InRange(best.GetProperty("score").GetDouble(), 0.3, 1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.1)]
    [InlineData(0.3)]
    public async Task Results_are_sorted_by_score_and_none_is_below_the_threshold(double threshold)
    {
        await application.Api.AddAsync(_user, s_life);
        await application.DrainAsync();

        Answer found = await application.Api.PostAsync(
            "/v3/memories/search/", new { query = "Do I play with my dog in Lisbon?", filters = new { user_id = _user }, threshold });

        List<double> scores = [.. found.Ok().Results.Select(result => result.GetProperty("score").GetDouble())];
        Assert.NotEmpty(scores);
        Assert.Equal(scores.OrderDescending(), scores);
        Assert.All(scores, score => Assert.InRange(score, threshold, 1));
    }

    [Fact]
    public async Task No_more_than_top_k_are_answered()
    {
        await application.Api.AddAsync(_user, s_life);
        await application.DrainAsync();

        Answer found = await application.Api.PostAsync(
            "/v3/memories/search/", new { query = "Do I play with my dog in Lisbon?", filters = new { user_id = _user }, threshold = 0, top_k = 2 });

        Assert.Equal(2, found.Ok().Results.Count);
    }

    [Fact]
    public async Task An_answer_of_every_stage_names_none()
    {
        await application.Api.KeepAsync(_user, "User lives in Lisbon");

        Assert.False((await application.Api.SearchAsync(_user, "Lisbon")).Body.TryGetProperty("degraded", out _));
    }

    [Fact]
    public async Task Another_user_finds_nothing()
    {
        await application.Api.AddAsync(_user, s_life);
        await application.DrainAsync();

        Assert.Empty((await application.Api.SearchAsync(ApiApplication.NewUser(), "Where do I live?")).Results);
        Assert.Empty((await application.Api.SearchAsync(_user.ToUpperInvariant(), "Where do I live?")).Results);
    }

    [Fact]
    public async Task An_agent_of_the_same_name_is_somebody_else()
    {
        await application.Api.KeepAsync(_user, "User lives in Lisbon");

        Answer found = await application.Api.PostAsync("/v3/memories/search/", new { query = "Lisbon", filters = new { agent_id = _user } });

        Assert.Empty(found.Ok().Results);
    }

    [Fact]
    public async Task Ids_given_together_narrow()
    {
        await application.Api.KeepAsync(_user, "User likes spicy food", agent: "chef");
        await application.Api.KeepAsync(_user, "User likes quiet food courts");

        Answer narrowed = await application.Api.PostAsync(
            "/v3/memories/search/", new { query = "food", filters = new { AND = new object[] { new { user_id = _user }, new { agent_id = "chef" } } } });
        Answer nobody = await application.Api.PostAsync(
            "/v3/memories/search/", new { query = "food", filters = new { user_id = _user, agent_id = "tailor" } });

        Assert.Equal(["User likes spicy food"], narrowed.Ok().Memories);
        Assert.Empty(nobody.Ok().Results);
        Assert.Equal(2, (await application.Api.SearchAsync(_user, "food")).Results.Count);
    }

    [Fact]
    public async Task A_result_has_everything_that_clients_read()
    {
        await application.Api.PostTextAsync(
            "/v3/memories/add/",
            $$"""{"user_id":"{{_user}}","agent_id":"chef","app_id":"kitchen","run_id":"r1","infer":false,"messages":[{"role":"user","content":"User likes spicy food"}]}""");

        JsonElement memory = Assert.Single((await application.Api.SearchAsync(_user, "spicy food")).Results);

        Assert.True(Guid.TryParse(memory.GetProperty("id").GetString(), out _));
        Assert.Equal(_user, memory.GetProperty("user_id").GetString());
        Assert.Equal("chef", memory.GetProperty("agent_id").GetString());
        Assert.Equal("kitchen", memory.GetProperty("app_id").GetString());
        Assert.Equal("r1", memory.GetProperty("run_id").GetString());
        Assert.Equal("r1", memory.GetProperty("session_id").GetString());
        Assert.Equal(JsonValueKind.Null, memory.GetProperty("metadata").ValueKind);
        Assert.Equal(JsonValueKind.Array, memory.GetProperty("categories").ValueKind);
        Assert.Equal(JsonValueKind.Number, memory.GetProperty("score").ValueKind);
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,7})?(Z|[+-]\d\d:\d\d)$", memory.GetProperty("created_at").GetString());
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,7})?(Z|[+-]\d\d:\d\d)$", memory.GetProperty("updated_at").GetString());
    }

    [Theory]
    [InlineData("'; drop table memories; --")]
    [InlineData("& | ! <-> :* ( )")]
    [InlineData("🙂")]
    [InlineData("the of and")]
    public async Task A_question_of_any_text_is_answered(string question)
    {
        await application.Api.KeepAsync(_user, "User lives in Lisbon");

        (await application.Api.SearchAsync(_user, question)).Ok();

        Assert.Equal(["User lives in Lisbon"], (await application.Api.ListAsync(_user)).Memories);
    }
}
