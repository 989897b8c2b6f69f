using System.Text.Json;
using Memory.Testing;

namespace Memory.Api.Tests.Mem0;

public sealed class DeleteAllTests(ApiApplication application) : IClassFixture<ApiApplication>
{
    private readonly string _user = ApiApplication.NewUser();
    private readonly string _other = ApiApplication.NewUser();

    [Fact]
    public async Task All_of_a_user_go_with_their_history_and_nobody_elses()
    {
        string id = await application.Api.KeepAsync(_user, "User plays the cello");
        await application.Api.KeepAsync(_user, "User paints landscapes");
        await application.Api.KeepAsync(_other, "User plays the cello");

        Answer deleted = (await application.Api.DeleteAsync($"/v1/memories/?user_id={_user}")).Ok();

        Assert.Equal(JsonValueKind.String, deleted["message"].ValueKind);
        Answer done = (await application.Api.GetAsync($"/v1/event/{deleted["event_id"].GetString()}/")).Ok();
        Assert.Equal(["DELETE", "DELETE"], done.Results.Select(result => result.GetProperty("event").GetString()));
        Assert.Empty((await application.Api.ListAsync(_user)).Results);
        Assert.Empty((await application.Api.SearchAsync(_user, "cello")).Results);
        Assert.Single((await application.Api.ListAsync(_other)).Results);
        (await application.Api.GetAsync($"/v1/memories/{id}/history/")).IsRefusedWith(404);
    }

    [Fact]
    public async Task What_was_said_goes_too_distilled_or_not_and_told_anew_it_is_learned_anew()
    {
        await application.Api.SayAsync(_user, "monday", ("user", "I live in Torbole."));
        await application.DrainAsync();
        string closed = (await application.Api.ListAsync(_user)).Results[0].GetProperty("id").GetString()!;
        await application.Api.DeleteAsync($"/v1/memories/{closed}/");
        await application.Api.SayAsync(_user, "monday", ("user", "I work as a luthier."));

        (await application.Api.DeleteAsync($"/v1/memories/?user_id={_user}")).Ok();
        await application.DrainAsync();

        Assert.Empty((await application.Api.ListAsync(_user)).Results);
        (await application.Api.GetAsync($"/v1/memories/{closed}/history/")).IsRefusedWith(404);
        Assert.Empty(await StoredWords.FindAsync(application.Database, "Torbole"));
        Assert.Empty(await StoredWords.FindAsync(application.Database, "luthier"));
        await application.Api.SayAsync(_user, "friday", ("user", "I live in Torbole."));
        await application.DrainAsync();
        Assert.Contains("Torbole", Assert.Single((await application.Api.ListAsync(_user)).Memories), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_one_conversation_only_its_own_words_go()
    {
        await application.Api.SayAsync(_user, "monday", ("user", "I live in Leeds."));
        await application.Api.SayAsync(_user, "friday", ("user", "I work as a plumber."));
        await application.DrainAsync();

        (await application.Api.DeleteAsync($"/v1/memories/?user_id={_user}&run_id=monday")).Ok();

        Assert.Contains("plumber", Assert.Single((await application.Api.ListAsync(_user)).Memories), StringComparison.Ordinal);
        Assert.Equal(
            ["[forgotten]", "I work as a plumber."],
            await application.Database.ListAsync("select content from episodes where owner_id = $1 order by seq", row => row.GetString(0), _user));
    }

    [Fact]
    public async Task Ids_that_are_given_together_narrow()
    {
        await application.Api.KeepAsync(_user, "User plays the cello", agent: "coach");
        await application.Api.KeepAsync(_user, "User paints landscapes", agent: "cook");
        await application.Api.KeepAsync(_other, "User swims", agent: "coach");

        (await application.Api.DeleteAsync($"/v1/memories/?user_id={_user}&agent_id=coach")).Ok();

        Assert.Equal(["User paints landscapes"], (await application.Api.ListAsync(_user)).Memories);
        Assert.Single((await application.Api.ListAsync(_other)).Results);
    }

    [Theory]
    [InlineData("")]
    [InlineData("?filters=%7B%22user_id%22%3A%22ann%22%7D")]
    [InlineData("?user_id=")]
    [InlineData("?user_id=&run_id=USER")]
    [InlineData("?user_id=USER&user_id=USER")]
    [InlineData("?source=CLI")]
    public async Task Without_an_id_nothing_is_deleted(string query)
    {
        await application.Api.PostAsync("/v3/memories/add/", new { user_id = _user, run_id = _user, infer = false, messages = "User plays the cello" });

        (await application.Api.DeleteAsync($"/v1/memories/{query.Replace("USER", _user, StringComparison.Ordinal)}")).IsRefusedWith(400);

        Assert.Single((await application.Api.ListAsync(_user)).Results);
    }

    [Fact]
    public async Task Nobodys_memories_are_deleted_without_an_error()
    {
        Answer deleted = (await application.Api.DeleteAsync($"/v1/memories?user_id={_user}")).Ok();

        Assert.Equal(JsonValueKind.String, deleted["message"].ValueKind);
        Assert.False(deleted.Body.TryGetProperty("event_id", out _));
    }

    [Fact]
    public async Task More_than_one_piece_of_many_owners_goes_and_what_has_expired_too()
    {
        string agent = $"coach of {_user}";
        foreach (string user in (string[])[_user, _other])
        {
            foreach (int part in Enumerable.Range(0, 3))
                (await application.Api.PostAsync(
                    "/v3/memories/add/",
                    new
                    {
                        user_id = user,
                        agent_id = agent,
                        infer = false,
                        expiration_date = part == 0 ? "2020-01-01" : null,
                        messages = Enumerable.Range(0, 80).Select(number => new { role = "user", content = $"User owns book {part}-{number}" }),
                    })).Ok();
        }

        (await application.Api.DeleteAsync($"/v1/memories/?agent_id={Uri.EscapeDataString(agent)}")).Ok();

        Assert.Equal(0, (await application.Api.PostAsync("/v3/memories/", new { filters = new { agent_id = agent }, show_expired = true })).Ok()["count"].GetInt32());
        Assert.Equal(0, await application.Database.ScalarAsync<long>("select count(*) from memories where agent_ids = array[$1]", agent));
    }

    [Fact]
    public async Task With_one_idempotency_key_all_is_deleted_once()
    {
        string path = $"/v1/memories/?user_id={_user}";
        string key = Guid.NewGuid().ToString();
        await application.Api.KeepAsync(_user, "User plays the cello");

        Answer first = (await application.Api.Keyed(key).DeleteAsync(path)).Ok();
        await application.Api.KeepAsync(_user, "User paints landscapes");
        Answer again = (await application.Api.Keyed(key).DeleteAsync(path)).Ok();

        Assert.Equal(first["event_id"].GetString(), again["event_id"].GetString());
        Assert.Equal(["User paints landscapes"], (await application.Api.ListAsync(_user)).Memories);
        (await application.Api.Keyed(key).DeleteAsync($"/v1/memories/?user_id={_other}")).IsRefusedWith(422);
    }
    [Theory]
    [InlineData("/v1/messages/", true)]
    [InlineData("/v1/messages/", false)]
    [InlineData("/v3/memories/add/", true)]
    [InlineData("/v3/memories/add/", false)]
    public async Task An_append_sent_again_under_its_key_is_answered_as_before_and_brings_nothing_back(string path, bool isDistilled)
    {
        ApiClient keyed = application.Api.Keyed($"{Guid.NewGuid()}");
        Answer first = (await AppendAsync(keyed, path, "I live in Malcesine.")).Ok();
        if (isDistilled)
        {
            await application.DrainAsync();
            Assert.Contains("Malcesine", Assert.Single((await application.Api.ListAsync(_user)).Memories), StringComparison.Ordinal);
        }

        (await application.Api.DeleteAsync($"/v1/memories/?user_id={_user}")).Ok();
        (long Episodes, long Events) erased = await StoredAsync();
        Answer again = (await AppendAsync(keyed, path, "I live in Malcesine.")).Ok();
        await application.DrainAsync();

        Assert.Equal(first.Text, again.Text);
        Assert.Equal(erased, await StoredAsync());
        Assert.Empty((await application.Api.ListAsync(_user)).Results);
        Assert.Empty(await StoredWords.FindAsync(application.Database, "Malcesine"));
        (await AppendAsync(keyed, path, "I live in Lazise.")).IsRefusedWith(422);
    }

    [Fact]
    public async Task What_was_kept_word_for_word_is_not_told_again_under_its_key()
    {
        ApiClient keyed = application.Api.Keyed($"{Guid.NewGuid()}");
        Task<Answer> KeepAsync() => keyed.PostAsync("/v3/memories/add/", new { user_id = _user, infer = false, messages = "User lives in Bardolino" });
        Answer first = (await KeepAsync()).Ok();

        (await application.Api.DeleteAsync($"/v1/memories/?user_id={_user}")).Ok();
        Answer again = (await KeepAsync()).Ok();

        Assert.Equal(first["event_id"].GetGuid(), again["event_id"].GetGuid());
        Assert.DoesNotContain("Bardolino", again.Text, StringComparison.Ordinal);
        Assert.Empty((await application.Api.ListAsync(_user)).Results);
        Assert.Empty(await StoredWords.FindAsync(application.Database, "Bardolino"));
    }

    private Task<Answer> AppendAsync(ApiClient api, string path, string text) => path == "/v1/messages/"
        ? api.PostAsync(path, new { scope = new { user_id = _user, run_id = "talk" }, messages = new[] { new { role = "user", content = text } } })
        : api.PostAsync(path, new { user_id = _user, run_id = "talk", messages = new[] { new { role = "user", content = text } } });

    private async Task<(long Episodes, long Events)> StoredAsync() => (
        await application.Database.ScalarAsync<long>("select count(*) from episodes where owner_id = $1", _user),
        await application.Database.ScalarAsync<long>("select count(*) from events where owner_id = $1", _user));
}
