namespace Memory.Api.Tests.Mem0;

public sealed class MomentTests(ApiApplication application) : IClassFixture<ApiApplication>
{
    private readonly string _user = ApiApplication.NewUser();

    [Fact]
    public async Task A_list_answers_for_another_moment_on_either_clock()
    {
        DateTimeOffset before = await MovedAsync();

        Assert.Equal(["User lives in Porto"], (await ListAsync(new { filters = new { user_id = _user } })).Memories);
        Assert.Equal(["User lives in Leeds"], (await ListAsync(new { filters = new { user_id = _user }, known_at = before })).Memories);
        Answer then = await ListAsync(new { filters = new { user_id = _user }, as_of = "2020-06-01T00:00:00Z" });
        Assert.Equal(["User lives in Leeds"], then.Memories);
        Assert.Equal(1, then["count"].GetInt32());
        Assert.Empty((await ListAsync(new { filters = new { user_id = _user }, as_of = "2019-01-01T00:00:00Z" })).Memories);
    }

    [Fact]
    public async Task Search_recall_and_context_answer_for_another_moment()
    {
        await MovedAsync();
        const string asOf = "2020-06-01T00:00:00Z";
        var scope = new { user_id = _user };

        Answer search = (await application.Api.PostAsync("/v3/memories/search/", new { query = "Where does the user live?", filters = scope, as_of = asOf })).Ok();
        Answer recall = (await application.Api.PostAsync("/v1/recall/", new { query = "Where does the user live?", scope, as_of = asOf })).Ok();
        Answer context = (await application.Api.PostAsync("/v1/context/", new { query = "Where does the user live?", scope, as_of = asOf })).Ok();

        Assert.Equal(["User lives in Leeds"], search.Memories);
        Assert.Equal(["User lives in Leeds"], recall.Memories);
        Assert.Contains("User lives in Leeds", context["block"].GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("Porto", search.Text + recall.Text + context.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("as_of", "\"soon\"")]
    [InlineData("as_of", "\"2024-13-01T00:00:00Z\"")]
    [InlineData("as_of", "true")]
    [InlineData("as_of", "{}")]
    [InlineData("as_of", "-1")]
    [InlineData("known_at", "\"\"")]
    [InlineData("known_at", "[]")]
    [InlineData("known_at", "\"a\\u0000\"")]
    public async Task What_is_no_point_in_time_is_refused(string name, string value)
    {
        string search = $$"""{"query":"home","filters":{"user_id":"{{_user}}"},"{{name}}":{{value}}}""";
        string recall = $$"""{"query":"home","scope":{"user_id":"{{_user}}"},"{{name}}":{{value}}}""";

        foreach (Answer answer in (Answer[])
            [
                await application.Api.PostTextAsync("/v3/memories/search/", search), await application.Api.PostTextAsync("/v3/memories/", search),
                await application.Api.PostTextAsync("/v1/recall/", recall), await application.Api.PostTextAsync("/v1/context/", recall),
            ])
        {
            answer.IsRefusedWith(400);
            Assert.Contains(name, answer["detail"].GetString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Turns_are_not_asked_for_at_another_moment() =>
        (await application.Api.PostAsync(
            "/v1/recall/", new { query = "home", scope = new { user_id = _user }, known_at = "2024-01-01T00:00:00Z", include = (string[])["turns"] })).IsRefusedWith(400);

    [Fact]
    public async Task A_memory_says_of_what_kind_it_is_and_how_sure()
    {
        await application.Api.AddAsync(_user, "I live in Leeds.");
        await application.DrainAsync();

        var memory = Assert.Single((await application.Api.ListAsync(_user)).Results);

        Assert.Equal("profile", memory.GetProperty("kind").GetString());
        Assert.InRange(memory.GetProperty("confidence").GetDouble(), 0.01, 1);
        Assert.True(memory.GetProperty("trusted").GetBoolean());
    }

    /// <returns>A moment at which the second was not known yet.</returns>
    private async Task<DateTimeOffset> MovedAsync()
    {
        (await application.Api.PostAsync(
            "/v3/memories/add/",
            new { user_id = _user, infer = false, timestamp = "2020-01-01T00:00:00Z", messages = new[] { new { role = "user", content = "User lives in Leeds" } } })).Ok();
        string id = (await application.Api.ListAsync(_user)).Results[0].GetProperty("id").GetString()!;
        DateTimeOffset before = await application.Database.ScalarAsync<DateTime>("select clock_timestamp()");
        (await application.Api.PutAsync($"/v1/memories/{id}/", new { text = "User lives in Porto", timestamp = "2022-01-01T00:00:00Z" })).Ok();
        return before;
    }

    private async Task<Answer> ListAsync(object body) => (await application.Api.PostAsync("/v3/memories/", body)).Ok();
}
