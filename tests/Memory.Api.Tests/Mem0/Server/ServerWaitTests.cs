namespace Memory.Api.Tests.Mem0.Server;

public sealed class ServerWaitTests : IAsyncLifetime
{
    private readonly ApiApplication _application = ApiApplication.With(new Dictionary<string, string?> { ["Memory:Mem0Server:WaitMilliseconds"] = "50" });

    public Task InitializeAsync() => _application.InitializeAsync();

    public Task DisposeAsync() => _application.DisposeAsync();

    [Fact]
    public async Task An_add_that_takes_too_long_answers_where_to_ask_for_it()
    {
        string user = ApiApplication.NewUser();

        Answer added = (await _application.Api.PostAsync("/memories", new { user_id = user, messages = new[] { new { role = "user", content = "I live in Lisbon." } } })).Ok();
        await _application.DrainAsync();

        Assert.Empty(added.Results);
        Assert.Equal("SUCCEEDED", (await _application.Api.GetAsync($"/v1/event/{added["event_id"].GetString()}/"))["status"].GetString());
        Assert.Single((await _application.Api.GetAsync($"/memories?user_id={user}")).Ok().Results);
    }

    [Fact]
    public async Task Sent_again_under_its_key_it_is_the_same_add_with_what_came_of_it_since()
    {
        ApiClient keyed = _application.Api.Keyed(Guid.NewGuid().ToString());
        var body = new { user_id = ApiApplication.NewUser(), messages = new[] { new { role = "user", content = "I live in Lisbon." } } };

        Answer first = (await keyed.PostAsync("/memories", body)).Ok();
        await _application.DrainAsync();
        Answer again = (await keyed.PostAsync("/memories", body)).Ok();

        Assert.Equal(first["event_id"].GetString(), again["event_id"].GetString());
        Assert.Equal(["User lives in Lisbon"], again.Memories);
    }
}
