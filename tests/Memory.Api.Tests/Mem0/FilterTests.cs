using System.Globalization;
using System.Text.Json;
using Memory.Api.Tests.Auth;

namespace Memory.Api.Tests.Mem0;

public sealed class FilterTests(ApiApplication application) : IClassFixture<ApiApplication>
{
    private readonly string _user = ApiApplication.NewUser();

    [Theory]
    [InlineData("by its metadata", """{"metadata":{"city":"Lisbon"}}""", "rides")]
    [InlineData("by what a text of its metadata holds", """{"metadata":{"city":{"contains":"isbo"}}}""", "rides")]
    [InlineData("by a number, however it is written", """{"metadata":{"rank":2.0}}""", "bakes")]
    [InlineData("by a member of a list", """{"metadata":{"tags":{"contains":"sport"}}}""", "rides")]
    [InlineData("by what its metadata does not say", """{"metadata":{"city":{"ne":"Lisbon"}}}""", "bakes sings")]
    [InlineData("by null, where null was said", """{"metadata":{"city":null}}""", "bakes")]
    [InlineData("by several keys", """{"metadata":{"city":"Lisbon","rank":1}}""", "rides")]
    [InlineData("by its words", """{"keywords":{"contains":"100%"}}""", "bakes")]
    [InlineData("by its words in any case", """{"keywords":{"icontains":"BREAD"}}""", "bakes")]
    [InlineData("by words in another case than its own", """{"keywords":{"contains":"BREAD"}}""", "")]
    [InlineData("by its whole text", """{"text":"User sings"}""", "sings")]
    [InlineData("by its day", """{"created_at":{"gte":"2023-11-14","lte":"2023-11-14"}}""", "rides")]
    [InlineData("by its moment", """{"created_at":"2023-11-14T22:13:20Z"}""", "rides")]
    [InlineData("by a moment up to the end of time", """{"created_at":{"lte":"9999-12-31T23:59:59.999999Z"}}""", "rides bakes sings")]
    [InlineData("by a moment after the end of time", """{"created_at":{"gt":"9999-12-31T23:59:59.999999Z"}}""", "")]
    [InlineData("by the end of time", """{"created_at":"9999-12-31T23:59:59.9999999Z"}""", "")]
    [InlineData("by one of two days", """{"created_at":{"in":["2023-11-14","2023-11-15"]}}""", "rides bakes")]
    [InlineData("by when it began to be true", """{"timestamp":{"lt":"2023-11-15"}}""", "rides")]
    [InlineData("by its last day", """{"expiration_date":{"gte":"9000-01-01"}}""", "bakes")]
    [InlineData("by having no last day", """{"NOT":{"expiration_date":{"gte":"1000-01-01"}}}""", "rides sings")]
    [InlineData("by its agent", """{"agent_id":"chef"}""", "bakes")]
    [InlineData("by having an agent", """{"agent_id":"*"}""", "bakes")]
    [InlineData("by having none", """{"NOT":[{"agent_id":"*"}]}""", "rides sings")]
    [InlineData("by another agent", """{"agent_id":{"ne":"chef"}}""", "rides sings")]
    [InlineData("by its run", """{"run_id":{"in":["r1","r2"]}}""", "bakes")]
    [InlineData("by what clients also call its run", """{"session_id":"r1"}""", "bakes")]
    [InlineData("by either", """{"OR":[{"text":"User sings"},{"agent_id":"chef"}]}""", "bakes sings")]
    [InlineData("by both at once", """{"AND":[{"text":"User sings"},{"agent_id":"chef"}]}""", "")]
    [InlineData("by nothing more", """{"AND":[]}""", "rides bakes sings")]
    [InlineData("by ids of others", """{"memory_ids":["0192f5a0-0000-7000-8000-000000000000"]}""", "")]
    public async Task A_list_and_a_search_are_narrowed(string how, string condition, string expected)
    {
        await ThreeAsync();
        string filters = $$"""{"AND":[{"user_id":"{{_user}}"},{{condition}}]}""";

        Answer list = await application.Api.PostTextAsync("/v3/memories/", $$"""{"filters":{{filters}}}""");
        Answer search = await application.Api.PostTextAsync("/v3/memories/search/", $$"""{"query":"What does the user do? rides bakes sings","threshold":0,"filters":{{filters}}}""");

        Assert.NotEmpty(how);
        string[] texts = [.. expected.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
        Assert.Equal(texts.Order(), Verbs(list));
        Assert.Equal(texts.Length, list["count"].GetInt32());
        Assert.Equal(texts.Order(), Verbs(search));
    }

    [Theory]
    [InlineData("/v3/memories/", "\"keywords\":\"BREAD\"", "bakes")]
    [InlineData("/v3/memories/", "\"keywords\":{\"contains\":\"BREAD\"}", "")]
    [InlineData("/v3/memories/", "\"start_date\":\"2023-11-15\"", "bakes sings")]
    [InlineData("/v3/memories/", "\"end_date\":\"2023-11-15\"", "rides bakes")]
    [InlineData("/v3/memories/", "\"categories\":[\"food\"]", "")]
    [InlineData("/v3/memories/", "\"categories\":[]", "rides bakes sings")]
    [InlineData("/v3/memories/search/", "\"query\":\"rides bakes sings\",\"metadata\":{\"rank\":2}", "bakes")]
    [InlineData("/v3/memories/search/", "\"query\":\"rides bakes sings\",\"categories\":[\"food\"]", "")]
    public async Task Conditions_beside_filters_narrow_too(string path, string condition, string expected)
    {
        await ThreeAsync();

        Answer found = await application.Api.PostTextAsync(path, $$"""{"filters":{"user_id":"{{_user}}"},{{condition}}}""");

        Assert.Equal(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(), Verbs(found));
    }

    [Fact]
    public async Task Several_owners_are_listed_and_searched_as_one()
    {
        string other = ApiApplication.NewUser(), agent = ApiApplication.NewUser();
        await application.Api.KeepAsync(_user, "User rides a bicycle");
        await application.Api.KeepAsync(other, "User rides a horse");
        (await application.Api.PostAsync("/v3/memories/add/", new { agent_id = agent, infer = false, messages = new[] { new { role = "user", content = "Rides are booked at noon" } } })).Ok();
        string filters = $$"""{"OR":[{"user_id":{"in":["{{_user}}","{{other}}"]} },{"agent_id":"{{agent}}"}]}""";

        Answer list = await application.Api.PostTextAsync("/v3/memories/?page=1&page_size=2", $$"""{"filters":{{filters}}}""");
        Answer rest = await application.Api.PostTextAsync("/v3/memories/?page=2&page_size=2", $$"""{"filters":{{filters}}}""");
        Answer found = await application.Api.PostTextAsync("/v3/memories/search/", $$"""{"query":"rides","filters":{{filters}},"top_k":2}""");

        Assert.Equal(["Rides are booked at noon", "User rides a horse", "User rides a bicycle"], list.Ok().Memories.Concat(rest.Ok().Memories));
        Assert.Equal(3, list["count"].GetInt32());
        Assert.Equal(2, found.Ok().Results.Count);
        Assert.Equal(found.Results.Select(Score).OrderDescending(), found.Results.Select(Score));

        static double Score(JsonElement result) => result.GetProperty("score").GetDouble();
    }

    [Fact]
    public async Task A_key_bound_to_one_user_reaches_no_other_through_any_filter()
    {
        string bound = await new SecondProject(application.Database).NewKeyOfAsync(_user);
        string other = ApiApplication.NewUser();
        await application.Api.KeepAsync(other, "User rides a horse");

        Answer both = await application.As(bound).PostAsync("/v3/memories/", new { filters = new { OR = new object[] { new { user_id = _user }, new { user_id = other } } } });

        both.IsRefusedWith(403);
    }

    [Fact]
    public async Task Recall_and_context_take_the_same_conditions()
    {
        await ThreeAsync();
        string body = $$"""{"scope":{"user_id":"{{_user}}"},"query":"rides bakes sings","filters":{"metadata":{"rank":2} } }""";

        Answer recall = await application.Api.PostTextAsync("/v1/recall/", body);
        Answer context = await application.Api.PostTextAsync("/v1/context/", body);

        Assert.Equal(["bakes"], Verbs(recall));
        Assert.Contains("bakes", context.Ok()["block"].GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("rides", context["block"].GetString(), StringComparison.Ordinal);
        (await application.Api.PostTextAsync("/v1/recall/", body.Replace("\"query\"", "\"include\":[\"turns\"],\"query\"", StringComparison.Ordinal))).IsRefusedWith(400);
    }

    [Fact]
    public async Task Another_moment_is_narrowed_as_now_is()
    {
        await ThreeAsync();
        string body = $$"""{"filters":{"user_id":"{{_user}}","metadata":{"rank":2} },"query":"rides bakes sings","as_of":"{{DateTime.UtcNow.AddMinutes(1):O}}"}""";

        Assert.Equal(["bakes"], Verbs(await application.Api.PostTextAsync("/v3/memories/", body)));
        Assert.Equal(["bakes"], Verbs(await application.Api.PostTextAsync("/v3/memories/search/", body)));
    }

    private async Task ThreeAsync()
    {
        await KeepAsync("User rides a bicycle", 1_700_000_000, """ "metadata":{"city":"Lisbon","rank":1,"tags":["sport",7]} """);
        await KeepAsync("User bakes 100% rye bread", 1_700_050_000, """ "metadata":{"rank":2,"city":null},"agent_id":"chef","run_id":"r1","expiration_date":"9000-01-02" """);
        await KeepAsync("User sings", 1_750_000_000, """ "metadata":{} """);
    }

    private async Task KeepAsync(string text, long timestamp, string more) => (await application.Api.PostTextAsync(
        "/v3/memories/add/",
        $$"""{"user_id":"{{_user}}","infer":false,"timestamp":{{timestamp.ToString(CultureInfo.InvariantCulture)}},"messages":[{"role":"user","content":"{{text}}"}],{{more}}}""")).Ok();

    private static IEnumerable<string> Verbs(Answer found) => found.Ok().Memories.Select(text => text!.Split(' ')[1]).Order();
}
