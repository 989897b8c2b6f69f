using System.Text.Json;
using Memory.Api.Tests.Auth;

namespace Memory.Api.Tests.Endpoints;

public sealed class ConflictTests(ApiApplication application) : IClassFixture<ApiApplication>
{
    private readonly string _user = ApiApplication.NewUser();

    [Fact]
    public async Task Open_conflicts_show_both_sides_in_full()
    {
        (string a, string b) = await ContradictAsync();

        JsonElement conflict = Assert.Single((await ListAsync()).Results);

        Assert.Equal((a, b), (conflict.GetProperty("a").GetProperty("id").GetString(), conflict.GetProperty("b").GetProperty("id").GetString()));
        Assert.Equal("User was born on 3 May", conflict.GetProperty("a").GetProperty("memory").GetString());
        foreach (string side in (string[])["a", "b"])
        {
            Assert.Equal("api", conflict.GetProperty(side).GetProperty("source").GetString());
            Assert.InRange(conflict.GetProperty(side).GetProperty("confidence").GetDouble(), 0, 1);
            Assert.True(conflict.GetProperty(side).TryGetProperty("said_at", out _));
        }
    }

    [Fact]
    public async Task A_conflict_is_settled_once()
    {
        (string a, _) = await ContradictAsync();
        string id = Assert.Single((await ListAsync()).Results).GetProperty("id").GetString()!;

        Answer settled = (await application.Api.PostAsync($"/v1/conflicts/{id}/resolve/", new { resolution = "keep_a" })).Ok();

        Assert.Equal("keep_a", settled["resolution"].GetString());
        Assert.Empty((await ListAsync()).Results);
        Assert.Equal([a], (await application.Api.ListAsync(_user)).Results.Select(memory => memory.GetProperty("id").GetString()));
        (await application.Api.PostAsync($"/v1/conflicts/{id}/resolve/", new { resolution = "keep_b" })).IsRefusedWith(409);
        Answer done = (await application.Api.GetAsync($"/v1/event/{settled["event_id"].GetString()}/")).Ok();
        Assert.Equal(["DELETE"], done.Results.Select(result => result.GetProperty("event").GetString()));
    }

    [Fact]
    public async Task Search_recall_and_context_show_both_sides_flagged()
    {
        (string a, string b) = await ContradictAsync();

        Answer search = await application.Api.SearchAsync(_user, "born on 3 May");
        Answer recall = (await application.Api.PostAsync("/v1/recall/", new { scope = new { user_id = _user }, query = "born on 3 May", limit = 1 })).Ok();
        Answer context = (await application.Api.PostAsync("/v1/context/", new { scope = new { user_id = _user }, query = "born on 3 May" })).Ok();

        foreach (List<JsonElement> items in (List<JsonElement>[])[search.Results, recall.Results, [.. context["memories"].EnumerateArray()]])
        {
            Assert.Equal([a, b], items.Select(item => item.GetProperty("id").GetString()).Order());
            Assert.All(items, item => Assert.NotEqual(item.GetProperty("id").GetString(), Assert.Single(item.GetProperty("conflicts_with").EnumerateArray()).GetString()));
        }

        Assert.Contains("contradicts the next line: ask which is right] User was born on 3 May\n", context["block"].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task That_both_are_true_is_a_result_of_the_native_event_alone()
    {
        (string a, string b) = await ContradictAsync();
        string id = Assert.Single((await ListAsync()).Results).GetProperty("id").GetString()!;

        Answer settled = (await application.Api.PostAsync($"/v1/conflicts/{id}/resolve/", new { resolution = "both_true" })).Ok();

        JsonElement result = (await application.Api.GetAsync($"/v1/events/{settled["event_id"].GetString()}/")).Ok().Results[0];
        Assert.Equal(
            ("SETTLE", b, a), (result.GetProperty("operation").GetString(), result.GetProperty("id").GetString(), result.GetProperty("with").GetString()));
        Assert.Empty((await application.Api.GetAsync($"/v1/event/{settled["event_id"].GetString()}/")).Ok().Results);
    }

    [Theory]
    [InlineData("""{"resolution":"keep_c"}""")]
    [InlineData("""{"resolution":7}""")]
    [InlineData("""{}""")]
    [InlineData("")]
    public async Task A_resolution_that_is_none_is_refused_and_settles_nothing(string body)
    {
        await ContradictAsync();
        string id = Assert.Single((await ListAsync()).Results).GetProperty("id").GetString()!;

        (await application.Api.PostTextAsync($"/v1/conflicts/{id}/resolve/", body)).IsRefusedWith(400);

        Assert.Single((await ListAsync()).Results);
    }

    [Fact]
    public async Task Nobody_elses_conflict_is_seen_or_settled()
    {
        await ContradictAsync();
        string id = Assert.Single((await ListAsync()).Results).GetProperty("id").GetString()!;
        var second = new SecondProject(application.Database);
        ApiClient stranger = application.As(await second.NewProjectAsync());
        ApiClient other = application.As(await second.NewKeyOfAsync(ApiApplication.NewUser()));
        ApiClient reader = application.As(await second.NewKeyAsync("read"));

        Assert.Empty((await stranger.GetAsync($"/v1/conflicts/?user_id={_user}")).Ok().Results);
        (await stranger.PostAsync($"/v1/conflicts/{id}/resolve/", new { resolution = "keep_a" })).IsRefusedWith(404);
        (await other.GetAsync($"/v1/conflicts/?user_id={_user}")).IsRefusedWith(403);
        (await other.PostAsync($"/v1/conflicts/{id}/resolve/", new { resolution = "keep_a" })).IsRefusedWith(404);
        (await reader.PostAsync($"/v1/conflicts/{id}/resolve/", new { resolution = "keep_a" })).IsRefusedWith(403);
        (await application.Api.PostAsync("/v1/conflicts/no-id/resolve/", new { resolution = "keep_a" })).IsRefusedWith(404);
        (await application.Api.GetAsync("/v1/conflicts/")).IsRefusedWith(400);

        Assert.Single((await ListAsync()).Results);
    }

    /// <summary>No message is needed for it: the row is what reconciliation leaves.</summary>
    private async Task<(string A, string B)> ContradictAsync()
    {
        string a = await application.Api.KeepAsync(_user, "User was born on 3 May");
        string b = await application.Api.KeepAsync(_user, "User was born on 4 May");
        await application.Database.ExecuteAsync(
            "insert into conflicts (project_id, owner_kind, owner_id, memory_a, memory_b) select project_id, owner_kind, owner_id, $1, $2 from memories where id = $1",
            Guid.Parse(a), Guid.Parse(b));
        return (a, b);
    }

    private async Task<Answer> ListAsync() => (await application.Api.GetAsync($"/v1/conflicts/?user_id={_user}")).Ok();
}
