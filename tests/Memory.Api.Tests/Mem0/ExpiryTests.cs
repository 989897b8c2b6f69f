using System.Text.Json;

namespace Memory.Api.Tests.Mem0;

public sealed class ExpiryTests(ApiApplication application) : IClassFixture<ApiApplication>
{
    private readonly string _user = ApiApplication.NewUser();

    [Fact]
    public async Task What_has_expired_is_shown_to_whoever_asks_for_it()
    {
        await KeepAsync("User has a parking permit", "2020-01-01");
        await KeepAsync("User has a library card", "2999-01-01");
        await KeepAsync("User has a gym card", null);

        string[] left = ["User has a gym card", "User has a library card"];
        string[] all = [.. left, "User has a parking permit"];
        Assert.Equal(left, (await application.Api.ListAsync(_user)).Memories.Order());
        Assert.Equal(left, await FoundAsync(new { query = "What permit or card?", filters = new { user_id = _user }, threshold = 0, show_expired = false }));
        Assert.Equal(all, (await application.Api.PostAsync("/v3/memories/", new { filters = new { user_id = _user }, show_expired = true })).Ok().Memories.Order());
        Assert.Equal(all, await FoundAsync(new { query = "What permit or card?", filters = new { user_id = _user }, threshold = 0, show_expired = true }));
        Assert.Equal(3, (await application.Api.GetAsync($"/v1/memories/?user_id={_user}&show_expired=true")).Ok().Body.GetArrayLength());
    }

    [Fact]
    public async Task What_was_superseded_or_deleted_is_not_shown_with_what_has_expired()
    {
        string id = await KeepAsync("User has a parking permit", null);
        await application.Api.PutAsync($"/v1/memories/{id}/", new { text = "User has a parking garage" });
        await application.Api.DeleteAsync($"/v1/memories/{await KeepAsync("User has a parking ticket", null)}/");

        Assert.Equal(["User has a parking garage"], await FoundAsync(new { query = "parking", filters = new { user_id = _user }, threshold = 0, show_expired = true }));
    }

    [Fact]
    public async Task By_another_day_other_memories_have_expired()
    {
        await KeepAsync("User has a parking permit", "2020-06-30");
        await KeepAsync("User has a library card", "2999-01-01");

        Assert.Equal(["User has a library card", "User has a parking permit"], await AskedAtAsync("2020-06-01"));
        Assert.Equal(["User has a library card"], await AskedAtAsync("2020-07-01"));
        Assert.Equal(["User has a parking permit"], await FoundAsync(new { query = "permit", filters = new { user_id = _user }, reference_date = 1590969600 }));
        Assert.Empty(await AskedAtAsync("2999-02-01"));

        Task<IEnumerable<string?>> AskedAtAsync(string day) =>
            FoundAsync(new { query = "What permit or card?", filters = new { user_id = _user }, threshold = 0, reference_date = day });
    }

    [Fact]
    public async Task Last_week_is_meant_from_the_reference_date()
    {
        await SayAsync("User went to the cinema", "2024-03-05T12:00:00Z");
        await SayAsync("User went to the theatre", "2024-05-07T12:00:00Z");

        Assert.Equal("User went to the cinema", (await AskedAtAsync("2024-03-12"))[0]);
        Assert.Equal("User went to the theatre", (await AskedAtAsync("2024-05-14"))[0]);

        async Task SayAsync(string text, string at) =>
            (await application.Api.PostAsync("/v3/memories/add/", new { user_id = _user, infer = false, timestamp = at, messages = text })).Ok();

        async Task<List<string?>> AskedAtAsync(string day) => (await application.Api.PostAsync(
            "/v3/memories/search/", new { query = "What was it that the user went to last week?", filters = new { user_id = _user }, threshold = 0, reference_date = day })).Ok().Memories;
    }

    private async Task<IEnumerable<string?>> FoundAsync(object body) => (await application.Api.PostAsync("/v3/memories/search/", body)).Ok().Memories.Order();

    private async Task<string> KeepAsync(string text, string? expires) => Assert.Single((await application.Api.PostAsync(
        "/v3/memories/add/", new { user_id = _user, infer = false, expiration_date = expires, messages = text })).Ok().Results).GetProperty("id").GetString()!;
}
