using System.Text.Json;

namespace Memory.Api.Tests.Mem0;

/// <summary>Every version of search and list asks the same memories; they differ in the shape of what is asked and answered.</summary>
public sealed class ReadVersionTests(ApiApplication application) : IClassFixture<ApiApplication>
{
    private readonly string _user = ApiApplication.NewUser();

    [Theory]
    [InlineData("/v1/memories/search/", """{"query":"cello","user_id":"USER"}""")]
    [InlineData("/v1/memories/search/", """{"query":"cello","user_id":"USER","limit":5,"agent_id":null,"output_format":"v1.0","keyword_search":true,"rerank":true,"filter_memories":false}""")]
    [InlineData("/v2/memories/search/", """{"query":"cello","filters":{"user_id":"USER"}}""")]
    [InlineData("/v2/memories/search/", """{"query":"cello","user_id":"USER","filters":{"OR":[{"user_id":"USER"},{"agent_id":"x"}]}}""")]
    [InlineData("/v2/memories/search/", """{"query":"cello","user_id":"USER","top_k":3,"latest_only":true}""")]
    [InlineData("/v2/memories/", """{"user_id":"USER"}""")]
    [InlineData("/v2/memories/?page_size=10", """{"filters":{"AND":[{"user_id":"USER"}]}}""")]
    public async Task The_older_versions_answer_bare_lists(string path, string body)
    {
        string id = await application.Api.KeepAsync(_user, "User plays the cello");

        Answer found = (await application.Api.PostTextAsync(path, Named(body))).Ok();

        JsonElement memory = Assert.Single(found.Body.EnumerateArray());
        Assert.Equal((id, "User plays the cello", _user), (memory.GetProperty("id").GetString(), memory.GetProperty("memory").GetString(), memory.GetProperty("user_id").GetString()));
        Assert.Equal(path.Contains("search", StringComparison.Ordinal), memory.TryGetProperty("score", out JsonElement score) && score.ValueKind == JsonValueKind.Number);
        Assert.Equal("[]", (await application.Api.PostTextAsync(path, Named(body).Replace(_user, "nobody", StringComparison.Ordinal))).Ok().Text);
    }

    [Theory]
    [InlineData("/v1/memories/search/", """{"query":"cello","user_id":"USER","output_format":"v1.1"}""", true)]
    [InlineData("/v2/memories/search/", """{"query":"cello","user_id":"USER","filters":{"user_id":"USER"},"output_format":"v1.1"}""", false)]
    [InlineData("/v3/memories/search/", """{"query":"cello","filters":{"user_id":"USER"},"output_format":"v1.1"}""", false)]
    public async Task An_envelope_is_answered_where_one_is_asked_for(string path, string body, bool withRelations)
    {
        await application.Api.KeepAsync(_user, "User plays the cello");

        Answer found = (await application.Api.PostTextAsync(path, Named(body))).Ok();

        Assert.Equal(["User plays the cello"], found.Memories);
        Assert.Equal(withRelations, found.Body.TryGetProperty("relations", out _));
    }

    [Theory]
    [InlineData("/v1/memories/search/", """{"query":"cello"}""")]
    [InlineData("/v1/memories/search/", """{"query":"cello","filters":{"user_id":"USER"}}""")]
    [InlineData("/v1/memories/search/", """{"user_id":"USER"}""")]
    [InlineData("/v2/memories/search/", """{"query":"cello"}""")]
    [InlineData("/v2/memories/", """{}""")]
    [InlineData("/v3/memories/search/", """{"query":"cello","user_id":"USER","filters":{"user_id":"USER"}}""")]
    [InlineData("/v3/memories/", """{"user_id":"USER","filters":{"user_id":"USER"}}""")]
    [InlineData("/v3/memories/search/", """{"query":"cello","filters":{"user_id":"USER"},"fields":{"a":1}}""")]
    [InlineData("/v3/memories/search/", """{"query":"cello","filters":{"user_id":"USER"},"show_expired":"yes"}""")]
    [InlineData("/v3/memories/search/", """{"query":"cello","filters":{"user_id":"USER"},"reference_date":"soon"}""")]
    public async Task A_question_without_what_its_version_needs_is_refused(string path, string body) =>
        (await application.Api.PostTextAsync(path, Named(body))).IsRefusedWith(400);

    [Fact]
    public async Task A_list_by_query_is_bare_unless_page_and_size_are_given()
    {
        foreach (int number in Enumerable.Range(0, 3))
            await application.Api.KeepAsync(_user, $"User owns book {number}", agent: "coach");

        Answer all = (await application.Api.GetAsync($"/v1/memories/?user_id={_user}&org_id=o&project_id=p")).Ok();
        Answer paged = (await application.Api.GetAsync($"/v1/memories/?user_id={_user}&page=1&page_size=2")).Ok();
        Answer sized = (await application.Api.GetAsync($"/v1/memories?user_id={_user}&page_size=2")).Ok();
        Answer narrowed = (await application.Api.GetAsync($"/v2/memories/?user_id={_user}&agent_id=cook")).Ok();

        Assert.Equal(3, all.Body.GetArrayLength());
        Assert.Equal((3, 2), (paged["count"].GetInt32(), paged.Results.Count));
        Assert.Equal(2, sized.Body.GetArrayLength());
        Assert.Equal("[]", narrowed.Text);
        Assert.Equal(3, (await application.Api.PostAsync("/v2/memories/?page=1&page_size=2", new { filters = new { user_id = _user } })).Ok()["count"].GetInt32());
        (await application.Api.GetAsync("/v1/memories/")).IsRefusedWith(400);
        (await application.Api.GetAsync($"/v1/memories/?user_id={_user}&show_expired=perhaps")).IsRefusedWith(400);
    }

    [Fact]
    public async Task Only_the_fields_that_are_asked_for_are_answered()
    {
        await application.Api.KeepAsync(_user, "User plays the cello", new { deepKey = 1 });

        Answer found = (await application.Api.PostAsync(
            "/v3/memories/search/", new { query = "cello", filters = new { user_id = _user }, fields = new[] { "memory", "metadata", "nothing" } })).Ok();
        Answer listed = (await application.Api.PostAsync("/v3/memories/", new { filters = new { user_id = _user }, fields = new[] { "created_at" } })).Ok();

        Assert.Equal(["id", "memory", "metadata", "score"], Names(found));
        Assert.Equal(1, found.Results[0].GetProperty("metadata").GetProperty("deepKey").GetInt32());
        Assert.Equal(["created_at", "id", "memory"], Names(listed));

        static IEnumerable<string> Names(Answer answer) => Assert.Single(answer.Results).EnumerateObject().Select(field => field.Name).Order();
    }

    [Theory]
    [InlineData("/v1/memories/search/", 0.1)]
    [InlineData("/v2/memories/search/", 0.3)]
    [InlineData("/v3/memories/search/", 0.1)]
    public async Task Each_version_has_its_own_least_score(string path, double least)
    {
        foreach (string text in (string[])["User plays the cello", "User's dog barks at the postman", "User paints landscapes of the sea", "User eats cheese in the garden"])
            await application.Api.KeepAsync(_user, text);
        object ids = path.StartsWith("/v1", StringComparison.Ordinal) ? new { query = "Who plays in the garden?", user_id = _user } : new { query = "Who plays in the garden?", filters = new { user_id = _user } };

        Answer found = (await application.Api.PostAsync(path, ids)).Ok();
        IEnumerable<JsonElement> memories = found.Body.ValueKind == JsonValueKind.Array ? found.Body.EnumerateArray() : found.Results;

        Assert.NotEmpty(memories);
        Assert.All(memories, memory => Assert.InRange(memory.GetProperty("score").GetDouble(), least, 1));
    }

    private string Named(string body) => body.Replace("USER", _user, StringComparison.Ordinal);
}
