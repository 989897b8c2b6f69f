using System.Text.Json;

namespace Memory.Api.Tests.Mem0;

public sealed class ListTests(ApiApplication application) : IClassFixture<ApiApplication>
{
    private readonly string _user = ApiApplication.NewUser();

    [Fact]
    public async Task Pages_hold_every_memory_once_in_an_order_that_stays()
    {
        await KeepAsync(7);

        List<Answer> pages = [await PageAsync(1, 3), await PageAsync(2, 3), await PageAsync(3, 3)];

        Assert.All(pages, page => Assert.Equal(7, page["count"].GetInt32()));
        Assert.Equal([3, 3, 1], pages.Select(page => page.Results.Count));
        List<string?> walked = [.. pages.SelectMany(page => page.Memories)];
        Assert.Equal(7, walked.Distinct().Count());
        Assert.Equal((await application.Api.ListAsync(_user)).Memories, walked);
    }

    [Fact]
    public async Task Next_is_null_exactly_on_the_last_page_and_previous_exactly_on_the_first()
    {
        await KeepAsync(6);

        List<Answer> pages = [await PageAsync(1, 3), await PageAsync(2, 3)];
        Answer whole = await PageAsync(1, 6);

        Assert.Equal([false, true], pages.Select(page => IsNull(page, "next")));
        Assert.Equal([true, false], pages.Select(page => IsNull(page, "previous")));
        Assert.True(IsNull(whole, "next") && IsNull(whole, "previous"));
    }

    [Fact]
    public async Task An_empty_list_is_a_list()
    {
        Answer empty = await application.Api.ListAsync(_user);

        Assert.Equal(0, empty["count"].GetInt32());
        Assert.Empty(empty.Results);
        Assert.True(IsNull(empty, "next") && IsNull(empty, "previous"));
    }

    [Fact]
    public async Task The_page_may_stand_in_the_body_and_the_query_wins()
    {
        await KeepAsync(3);
        var body = new { filters = new { user_id = _user }, page = 1, page_size = 2 };

        Answer fromBody = await application.Api.PostAsync("/v3/memories/", body);
        Answer fromQuery = await application.Api.PostAsync("/v3/memories/?page=2&page_size=1", body);
        Answer sizeOnly = await application.Api.PostAsync("/v3/memories/?page_size=1", new { filters = new { user_id = _user } });

        Assert.Equal(2, fromBody.Ok().Results.Count);
        Assert.Equal([fromBody.Memories[1]], fromQuery.Ok().Memories);
        Assert.Equal([fromBody.Memories[0]], sizeOnly.Ok().Memories);
    }

    [Theory]
    [InlineData("page=0")]
    [InlineData("page=-1")]
    [InlineData("page=one")]
    [InlineData("page_size=0")]
    [InlineData("page_size=201")]
    [InlineData("page_size=99999999999")]
    public async Task A_page_that_cannot_be_is_refused(string query) =>
        (await application.Api.PostAsync($"/v3/memories/?{query}", new { filters = new { user_id = _user } })).IsRefusedWith(400);

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"filters":{}}""")]
    [InlineData("""{"filters":{"user_id":"*"}}""")]
    [InlineData("""{"filters":{"categories":{"contains":"food"}}}""")]
    public async Task A_list_of_nobody_in_particular_is_refused(string body) =>
        (await application.Api.PostTextAsync("/v3/memories/", body)).IsRefusedWith(400);

    [Fact]
    public async Task The_largest_page_far_beyond_the_end_is_empty()
    {
        await KeepAsync(1);

        Answer beyond = await PageAsync(int.MaxValue, 200);

        Assert.Empty(beyond.Results);
        Assert.True(IsNull(beyond, "next"));
        Assert.False(IsNull(beyond, "previous"));
    }

    [Fact]
    public async Task A_list_holds_one_user_only()
    {
        string other = ApiApplication.NewUser();
        await application.Api.KeepAsync(_user, "User has a cat");
        await application.Api.KeepAsync(other, "User has a dog");

        Answer own = await application.Api.ListAsync(_user);

        Assert.Equal(["User has a cat"], own.Memories);
        Assert.Equal(1, own["count"].GetInt32());
    }

    private async Task KeepAsync(int count)
    {
        var messages = Enumerable.Range(0, count).Select(number => new { role = "user", content = $"User owns book number {number}" });
        (await application.Api.PostAsync("/v3/memories/add/", new { user_id = _user, infer = false, timestamp = 1700000000, messages })).Ok();
    }

    private async Task<Answer> PageAsync(int page, int size) =>
        (await application.Api.PostAsync($"/v3/memories/?page={page}&page_size={size}", new { filters = new { user_id = _user } })).Ok();

    private static bool IsNull(Answer page, string link) => page[link].ValueKind == JsonValueKind.Null;
}
