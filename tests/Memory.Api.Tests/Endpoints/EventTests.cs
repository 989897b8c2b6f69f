using System.Text.Json;
using Memory.Api.Tests.Auth;

namespace Memory.Api.Tests.Endpoints;

public sealed class EventTests(ApiApplication application) : IClassFixture<ApiApplication>
{
    private readonly string _user = ApiApplication.NewUser();

    [Fact]
    public async Task An_event_tells_all_that_became_of_it_also_what_changed_nothing()
    {
        await application.Api.KeepAsync(_user, "User lives in Lisbon");
        Answer added = await application.Api.AddAsync(_user, "I live in Lisbon. I have a dog named Rex.");
        await application.DrainAsync();

        Answer done = (await application.Api.GetAsync($"/v1/events/{added["event_id"].GetGuid()}/")).Ok();

        Assert.Equal("SUCCEEDED", done["status"].GetString());
        Assert.Equal("ADD", done["event_type"].GetString());
        Assert.Equal(("user", _user), (done["owner"].GetProperty("type").GetString(), done["owner"].GetProperty("id").GetString()));
        Assert.Equal((1, 1), (done["first_seq"].GetInt64(), done["last_seq"].GetInt64()));
        Assert.Equal(1, done["attempts"].GetInt32());
        Assert.Equal(JsonValueKind.Object, done["usage"].ValueKind);
        Assert.True(done["latency"].GetDouble() > 0);
        Assert.True(done["completed_at"].GetDateTimeOffset() >= done["started_at"].GetDateTimeOffset());
        Assert.Contains("NONE", done.Results.Select(result => result.GetProperty("operation").GetString()));
        Assert.Contains("ADD", done.Results.Select(result => result.GetProperty("operation").GetString()));
        Assert.All(done.Results, result => Assert.False(string.IsNullOrWhiteSpace(result.GetProperty("reason").GetString())));
        Assert.DoesNotContain("NONE", (await application.Api.GetAsync($"/v1/event/{added["event_id"].GetGuid()}/")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_hold_every_event_once_newest_first()
    {
        var said = new List<Guid>();
        for (var number = 0; number < 5; number++)
            said.Insert(0, (await application.Api.AddAsync(_user, $"I own book number {number}."))["event_id"].GetGuid());

        List<Answer> pages = [await ListAsync("page=1&page_size=2"), await ListAsync("page=2&page_size=2"), await ListAsync("page=3&page_size=2")];

        Assert.Equal(said, pages.SelectMany(Ids));
        Assert.All(pages, page => Assert.Equal(5, page["count"].GetInt32()));
        Assert.Equal([false, false, true], pages.Select(page => page["next"].ValueKind == JsonValueKind.Null));
        Assert.Equal([true, false, false], pages.Select(page => page["previous"].ValueKind == JsonValueKind.Null));
        Assert.Equal(said[2..4], Ids((await application.Api.GetAsync(pages[0]["next"].GetString()!)).Ok()));
    }

    [Fact]
    public async Task A_list_may_be_of_one_status_or_one_type()
    {
        Guid pending = (await application.Api.AddAsync(_user, "I own a book."))["event_id"].GetGuid();
        string memory = await application.Api.KeepAsync(_user, "User plays the cello");
        (await application.Api.PutAsync($"/v1/memories/{memory}/", new { text = "User sings" })).Ok();

        Assert.Equal([pending], Ids(await ListAsync("status=PENDING")));
        Assert.Equal(2, Ids(await ListAsync("status=SUCCEEDED")).Count);
        Assert.Equal("UPDATE", Assert.Single((await ListAsync("event_type=UPDATE")).Results).GetProperty("event_type").GetString());
        Assert.Empty(Ids(await ListAsync("event_type=SEARCH")));
        Assert.Empty(Ids(await ListAsync("event_type=UPDATE&status=PENDING")));
    }

    [Fact]
    public async Task Ids_narrow_a_list_for_messages_and_for_what_was_kept_word_for_word()
    {
        var messages = new[] { new { role = "user", content = "User plays the cello" } };
        Guid said = await AddAsync(new { user_id = _user, agent_id = "coach", run_id = "monday", messages });
        Guid kept = await AddAsync(new { user_id = _user, agent_id = "coach", infer = false, messages });
        await AddAsync(new { user_id = _user, agent_id = "cook", messages });
        await AddAsync(new { user_id = _user, messages });

        Assert.Equal([kept, said], Ids(await ListAsync("agent_id=coach")));
        Assert.Equal([said], Ids(await ListAsync("agent_id=coach&run_id=monday")));
        Assert.Empty(Ids(await ListAsync("agent_id=cook&run_id=monday")));
        Assert.Equal(4, Ids(await ListAsync("")).Count);
    }

    [Theory]
    [InlineData("status=pending")]
    [InlineData("status=DONE")]
    [InlineData("status=")]
    [InlineData("status=PENDING&status=FAILED")]
    [InlineData("event_type=%00")]
    [InlineData("user_id=%20")]
    [InlineData("user_id=a&user_id=b")]
    [InlineData("page=0")]
    [InlineData("page=one")]
    [InlineData("page_size=201")]
    public async Task A_list_that_cannot_be_is_refused(string query) => (await application.Api.GetAsync($"/v1/events/?{query}")).IsRefusedWith(400);

    [Fact]
    public async Task Events_of_others_are_neither_listed_nor_read()
    {
        Guid foreign = (await application.Api.AddAsync(_user, "I live in Lisbon."))["event_id"].GetGuid();
        var tenants = new SecondProject(application.Database);
        ApiClient stranger = application.As(await tenants.NewProjectAsync());
        string other = ApiApplication.NewUser();
        ApiClient bound = application.As(await tenants.NewKeyOfAsync(other));
        Guid own = (await bound.AddAsync(other, "I live in Porto."))["event_id"].GetGuid();

        Assert.Empty(Ids((await stranger.GetAsync("/v1/events/")).Ok()));
        (await stranger.GetAsync($"/v1/events/{foreign}/")).IsRefusedWith(404);
        Assert.Equal([own], Ids((await bound.GetAsync("/v1/events/")).Ok()));
        (await bound.GetAsync($"/v1/events/?user_id={_user}")).IsRefusedWith(403);
        (await bound.GetAsync($"/v1/events/{foreign}/")).IsRefusedWith(404);
        Assert.Contains(foreign, Ids((await application.Api.GetAsync("/v1/events/")).Ok()));
    }

    [Fact]
    public async Task A_key_that_may_not_read_reads_no_event()
    {
        Guid id = (await application.Api.AddAsync(_user, "I live in Lisbon."))["event_id"].GetGuid();
        ApiClient writer = application.As(await new SecondProject(application.Database).NewKeyAsync("write"));

        (await writer.GetAsync("/v1/events/")).IsRefusedWith(403);
        (await writer.GetAsync($"/v1/events/{id}/")).IsRefusedWith(403);
        (await writer.GetAsync($"/v1/events/stream/?user_id={_user}")).IsRefusedWith(403);
    }

    [Theory]
    [InlineData("00000000-0000-7000-8000-00000000abcd")]
    [InlineData("no-id")]
    public async Task An_unknown_event_is_not_found(string id) => (await application.Api.GetAsync($"/v1/events/{id}/")).IsRefusedWith(404);

    private async Task<Answer> ListAsync(string query) => (await application.Api.GetAsync($"/v1/events/?user_id={_user}&{query}")).Ok();

    private async Task<Guid> AddAsync(object body) => (await application.Api.PostAsync("/v3/memories/add/", body)).Ok()["event_id"].GetGuid();

    private static List<Guid> Ids(Answer page) => [.. page.Results.Select(found => found.GetProperty("id").GetGuid())];
}
