using System.Text.Json;
using Memory.Core.Privacy;
using Memory.Testing;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace Memory.Api.Tests.Endpoints;

public sealed class MessageTests(ApiApplication application) : IClassFixture<ApiApplication>
{
    private readonly string _user = ApiApplication.NewUser();

    [Fact]
    public async Task Messages_are_numbered_in_the_order_they_were_said()
    {
        Answer first = await application.Api.SayAsync(_user, "talk", ("user", "Hello there, I live in Lisbon."), ("assistant", "Nice."));
        Answer second = await application.Api.SayAsync(_user, "talk", ("user", "And I have a dog."));

        Assert.Equal("PENDING", first["status"].GetString());
        Assert.Equal([1, 2], first["messages"].EnumerateArray().Select(message => message.GetProperty("seq").GetInt64()));
        Assert.Equal([3], second["messages"].EnumerateArray().Select(message => message.GetProperty("seq").GetInt64()));
        Assert.All(first["messages"].EnumerateArray(), message => Assert.NotEqual(Guid.Empty, message.GetProperty("id").GetGuid()));
    }

    [Fact]
    public async Task Their_event_succeeds_once_they_are_distilled()
    {
        Answer appended = await application.Api.SayAsync(_user, "talk", ("user", "I live in Lisbon."));
        await application.DrainAsync();

        Answer done = await application.Api.GetAsync($"/v1/event/{appended["event_id"].GetGuid()}/");

        Assert.Equal("SUCCEEDED", done["status"].GetString());
        Assert.Equal(["User lives in Lisbon"], done.Memories);
    }

    [Fact]
    public async Task A_message_may_say_when_it_was_said()
    {
        await application.Api.PostTextAsync(
            "/v1/messages/",
            $$"""{"scope":{"user_id":"{{_user}}"},"messages":[{"role":"user","content":"I live in Lisbon.","at":"2023-05-01T10:00:00+02:00"}]}""");
        await application.DrainAsync();

        JsonElement memory = Assert.Single((await application.Api.ListAsync(_user)).Results);
        Assert.Equal(DateTimeOffset.Parse("2023-05-01T08:00:00Z", null), memory.GetProperty("created_at").GetDateTimeOffset());
    }

    [Theory]
    [InlineData("""{"messages":[{"role":"user","content":"hello there"}]}""")]
    [InlineData("""{"scope":{},"messages":[{"role":"user","content":"hello there"}]}""")]
    [InlineData("""{"scope":"ann","messages":[{"role":"user","content":"hello there"}]}""")]
    [InlineData("""{"scope":{"user_id":"ann"}}""")]
    [InlineData("""{"scope":{"user_id":"ann"},"messages":[]}""")]
    [InlineData("""{"scope":{"user_id":"ann"},"messages":[null]}""")]
    [InlineData("""{"scope":{"user_id":"ann"},"messages":[{"role":"function","content":"hello there"}]}""")]
    [InlineData("""{"scope":{"user_id":"ann"},"messages":[{"content":"hello there"}]}""")]
    [InlineData("""{"scope":{"user_id":"ann"},"messages":[{"role":"user","content":""}]}""")]
    [InlineData("""{"scope":{"user_id":"ann"},"messages":[{"role":"user","content":"a\u0000"}]}""")]
    [InlineData("""{"scope":{"user_id":"ann"},"messages":[{"role":"user","content":"\ud83d"}]}""")]
    [InlineData("""{"scope":{"user_id":"ann"},"messages":[{"role":"user","content":"hello there","name":"\ud83d"}]}""")]
    [InlineData("""{"scope":{"user_id":"ann"},"messages":[{"role":"user","content":"hello there","at":"soon"}]}""")]
    [InlineData("""{"scope":{"user_id":"ann"},"messages":[{"role":"user","content":"hello there","at":"\ud83d"}]}""")]
    [InlineData("""{"scope":{"user_id":"ann"},"messages":[{"role":"user","content":"hello there","metadata":[]}]}""")]
    public async Task What_cannot_be_right_is_refused_and_not_stored(string body)
    {
        (await application.Api.PostTextAsync("/v1/messages/", body)).IsRefusedWith(400);

        Assert.Equal(0L, await application.Database.ScalarAsync<long>("select count(*) from episodes where owner_id = 'ann'"));
    }

    [Fact]
    public async Task One_bad_message_keeps_the_others_out_too()
    {
        Answer refused = await application.Api.PostAsync(
            "/v1/messages/",
            new { scope = new { user_id = _user }, messages = new[] { new { role = "user", content = "I live in Lisbon." }, new { role = "user", content = " " } } });

        refused.IsRefusedWith(400);
        Assert.Equal(0L, await application.Database.ScalarAsync<long>("select count(*) from episodes where owner_id = $1", _user));
    }
    [Theory]
    [InlineData("/v1/messages/")]
    [InlineData("/v1/memories/")]
    [InlineData("/v3/memories/add/")]
    public async Task Behind_a_backlog_a_message_is_refused_until_later_and_nothing_of_it_is_stored(string path)
    {
        string name = $"Quill{Guid.NewGuid():N}";
        ApiClient keyed = application.Api.Keyed(name);
        (await AppendAsync(application.Api, path, "I live in Lisbon.")).Ok();
        await WaitedAsync(hours: 23);
        (await AppendAsync(application.Api, path, "I have a dog.")).Ok();
        await WaitedAsync(hours: 25);

        Answer refused = await AppendAsync(keyed, path, $"My dog is called {name}.");

        refused.IsRefusedWith(429);
        Assert.EndsWith(":backlog", refused["type"].GetString(), StringComparison.Ordinal);
        int seconds = (int)refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds;
        Assert.InRange(seconds, 1, 3600);
        Assert.Contains($"{seconds} s", refused["detail"].GetString(), StringComparison.Ordinal);
        Assert.Empty(await StoredWords.FindAsync(application.Database, name));
        Assert.Equal((2, 2, 2), await StoredAsync());

        await application.DrainAsync();
        (await AppendAsync(keyed, path, $"My dog is called {name}.")).Ok();
        Assert.Equal((3, 3, 3), await StoredAsync());
    }

    private Task<Answer> AppendAsync(ApiClient api, string path, string text)
    {
        var messages = new[] { new { role = "user", content = text } };
        return path == "/v1/messages/"
            ? api.PostAsync(path, new { scope = new { user_id = _user, run_id = "talk" }, messages })
            : api.PostAsync(path, new { user_id = _user, run_id = "talk", messages });
    }

    private Task WaitedAsync(int hours) => application.Database.ExecuteAsync(
        "update lanes set waiting_since = now() - make_interval(hours => $2) where owner_id = $1", _user, hours);

    private async Task<(long Episodes, long Events, long AtHand)> StoredAsync() => (
        await application.Database.ScalarAsync<long>("select count(*) from episodes where owner_id = $1", _user),
        await application.Database.ScalarAsync<long>("select count(*) from events where owner_id = $1", _user),
        await application.Services.GetRequiredService<IConnectionMultiplexer>().GetDatabase().ListLengthAsync($"st:{Bootstrap.DefaultProject}:user:{_user}:talk"));
}
