namespace Memory.Api.Tests.Auth;

public sealed class ProjectIsolationTests(ApiApplication application) : IClassFixture<ApiApplication>
{
    [Fact]
    public async Task Another_project_sees_nothing_by_name_or_by_id()
    {
        string user = ApiApplication.NewUser();
        string eventId = (await application.Api.AddAsync(user, "I live in Lisbon."))["event_id"].GetString()!;
        await application.DrainAsync();
        string id = Assert.Single((await application.Api.ListAsync(user)).Results).GetProperty("id").GetString()!;
        ApiClient stranger = application.As(await new SecondProject(application.Database).NewProjectAsync());

        Assert.Empty((await stranger.SearchAsync(user, "Lisbon")).Results);
        Assert.Empty((await stranger.ListAsync(user)).Results);
        Assert.Equal(0, (await stranger.ListAsync(user))["count"].GetInt32());
        Assert.Equal("", (await stranger.PostAsync("/v1/context/", new { scope = new { user_id = user }, query = "Lisbon", include = new[] { "turns" } }))["block"].GetString());
        (await stranger.GetAsync($"/v1/memories/{id}/")).IsRefusedWith(404);
        (await stranger.GetAsync($"/v1/memories/{id}/history/")).IsRefusedWith(404);
        (await stranger.GetAsync($"/v1/memories/{id}/provenance/")).IsRefusedWith(404);
        (await stranger.PostAsync($"/v1/memories/{id}/rollback/", new { version = 1 })).IsRefusedWith(404);
        (await stranger.PostAsync($"/v1/events/{eventId}/undo/", new { })).IsRefusedWith(404);
        Assert.Empty((await stranger.PostAsync("/v3/memories/", new { filters = new { user_id = user }, known_at = DateTimeOffset.UtcNow })).Results);
        Assert.Empty((await stranger.PostAsync("/v3/memories/search/", new { query = "Lisbon", filters = new { user_id = user }, known_at = DateTimeOffset.UtcNow })).Results);
        (await stranger.PutAsync($"/v1/memories/{id}/", new { text = "User lives nowhere" })).IsRefusedWith(404);
        (await stranger.DeleteAsync($"/v1/memories/{id}/")).IsRefusedWith(404);
        (await stranger.GetAsync($"/v1/event/{eventId}/")).IsRefusedWith(404);

        Assert.Equal("User lives in Lisbon", (await application.Api.GetAsync($"/v1/memories/{id}/"))["memory"].GetString());
    }

    [Fact]
    public async Task Two_projects_may_know_a_user_of_the_same_name()
    {
        string user = ApiApplication.NewUser();
        ApiClient second = application.As(await new SecondProject(application.Database).NewProjectAsync());

        await application.Api.KeepAsync(user, "User has a cat");
        await second.KeepAsync(user, "User has a dog");

        Assert.Equal(["User has a cat"], (await application.Api.ListAsync(user)).Memories);
        Assert.Equal(["User has a dog"], (await second.ListAsync(user)).Memories);
    }

    [Fact]
    public async Task Another_project_does_not_read_a_conversation_of_the_same_name()
    {
        string user = ApiApplication.NewUser();
        await application.Api.SayAsync(user, "talk", ("user", "My cat is called Miro."));
        ApiClient stranger = application.As(await new SecondProject(application.Database).NewProjectAsync());

        Answer answer = await stranger.PostAsync("/v1/context/", new { scope = new { user_id = user }, query = "cat", conversation_id = "talk" });

        Assert.Empty(answer.Ok()["window"].EnumerateArray());
    }
}
