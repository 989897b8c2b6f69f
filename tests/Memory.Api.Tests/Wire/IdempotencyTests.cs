using Memory.Api.Tests.Auth;

namespace Memory.Api.Tests.Wire;

/// <summary>A write that is sent again under its key is done once, and answered as it was the first time.</summary>
public sealed class IdempotencyTests(ApiApplication application) : IClassFixture<ApiApplication>
{
    private readonly string _user = ApiApplication.NewUser();
    private readonly string _key = $"{Guid.NewGuid()}";

    private ApiClient Keyed => application.Api.Keyed(_key);

    public static TheoryData<string> Adds => ["native", "inferred", "kept"];

    [Theory]
    [MemberData(nameof(Adds))]
    public async Task The_same_request_has_the_same_answer_and_is_stored_once(string add)
    {
        Answer first = await AddAsync(Keyed, add);
        await application.DrainAsync();
        Answer again = await AddAsync(Keyed, add);

        Assert.Equal(first.Ok().Text, again.Ok().Text);
        Assert.Equal(add == "kept" ? (0, 1) : (1, 1), await StoredAsync());
    }

    [Theory]
    [MemberData(nameof(Adds))]
    public async Task Another_request_with_the_key_is_refused(string add)
    {
        (await AddAsync(Keyed, add)).Ok();

        Answer refused = await AddAsync(Keyed, add, "I live in Porto.");

        refused.IsRefusedWith(422);
        Assert.EndsWith("idempotency-key-reused", refused["type"].GetString(), StringComparison.Ordinal);
        Assert.Equal(1, (await StoredAsync()).Events);
    }

    [Theory]
    [MemberData(nameof(Adds))]
    public async Task Twenty_of_the_same_at_once_are_one(string add)
    {
        Answer[] answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => AddAsync(Keyed, add)));

        List<Answer> done = [.. answers.Where(answer => answer.Status == 200)];
        Assert.Single(done.Select(answer => answer.Text).Distinct());
        Assert.All(answers.Except(done), answer =>
        {
            answer.IsRefusedWith(409);
            Assert.EndsWith("request-in-progress", answer["type"].GetString(), StringComparison.Ordinal);
            Assert.NotNull(answer.Headers.RetryAfter?.Delta);
        });
        Assert.Equal(add == "kept" ? (0, 1) : (1, 1), await StoredAsync());
        Assert.Equal(done[0].Text, (await AddAsync(Keyed, add)).Ok().Text);
    }

    [Fact]
    public async Task A_key_holds_for_whichever_path_it_came_by()
    {
        (await AddAsync(Keyed, "inferred")).Ok();

        (await AddAsync(Keyed, "kept")).IsRefusedWith(422);
    }

    [Fact]
    public async Task A_change_is_made_once_and_answered_with_what_it_left()
    {
        string path = $"/v1/memories/{await application.Api.KeepAsync(_user, "User plays the cello", new { Origin = "form" })}/";

        Answer first = await Keyed.PutAsync(path, new { text = "User paints landscapes" });
        (await application.Api.PutAsync(path, new { text = "User sings", metadata = new { later = true } })).Ok();
        Answer again = await Keyed.PutAsync(path, new { text = "User paints landscapes" });
        Answer other = await Keyed.PutAsync(path, new { text = "User dances" });

        Assert.Equal(first.Ok().Text, again.Ok().Text);
        Assert.Equal("User paints landscapes", again["memory"].GetString());
        Assert.Equal("form", again["metadata"].GetProperty("Origin").GetString());
        other.IsRefusedWith(422);
        Assert.Equal("User sings", (await application.Api.GetAsync(path))["memory"].GetString());
        Assert.Equal(3, (await application.Api.GetAsync($"{path}history/")).Body.GetArrayLength());
    }

    [Theory]
    [InlineData("change")]
    [InlineData("rollback")]
    public async Task Of_a_change_whose_memory_was_erased_since_it_is_said_that_it_was_forgotten(string change)
    {
        string path = $"/v1/memories/{await application.Api.KeepAsync(_user, "User plays the cello")}/";
        (await application.Api.PutAsync(path, new { text = "User sings" })).Ok();
        Task<Answer> AskAsync() => change == "change"
            ? Keyed.PutAsync(path, new { text = "User paints landscapes" })
            : Keyed.PostAsync($"{path}rollback/", new { version = 1 });
        (await AskAsync()).Ok();

        (await application.Api.DeleteAsync($"/v1/memories/?user_id={_user}")).Ok();

        Answer again = await AskAsync();
        again.IsRefusedWith(404);
        Assert.EndsWith(":forgotten", again["type"].GetString(), StringComparison.Ordinal);
        (await Keyed.PutAsync(path, new { text = "User dances" })).IsRefusedWith(422);
    }

    [Fact]
    public async Task A_deletion_that_is_sent_again_is_no_error()
    {
        string path = $"/v1/memories/{await application.Api.KeepAsync(_user, "User plays the cello")}/";

        Answer first = await Keyed.DeleteAsync(path);
        Answer again = await Keyed.DeleteAsync(path);

        Assert.Equal(first.Ok().Text, again.Ok().Text);
        (await application.Api.DeleteAsync(path)).IsRefusedWith(404);
        Assert.Equal(2, (await application.Api.GetAsync($"{path}history/")).Body.GetArrayLength());
    }

    [Fact]
    public async Task A_write_that_failed_may_be_sent_again_under_its_key()
    {
        string path = $"/v1/memories/{await application.Api.KeepAsync(_user, "User plays the cello")}/";
        string other = await application.Api.KeepAsync(_user, "User paints landscapes");
        (await Keyed.PutAsync(path, new { text = "User paints landscapes" })).IsRefusedWith(409);

        await application.Api.DeleteAsync($"/v1/memories/{other}/");

        Assert.Equal("User paints landscapes", (await Keyed.PutAsync(path, new { text = "User paints landscapes" })).Ok()["memory"].GetString());
    }

    [Fact]
    public async Task Keys_of_two_callers_never_meet()
    {
        var tenants = new SecondProject(application.Database);
        ApiClient colleague = application.As(await tenants.NewKeyAsync("read", "write")).Keyed(_key);
        ApiClient stranger = application.As(await tenants.NewProjectAsync()).Keyed(_key);
        string other = ApiApplication.NewUser();

        Answer first = (await AddAsync(Keyed, "native")).Ok();
        Answer second = (await AddAsync(colleague, "native", "I live in Porto.", other)).Ok();
        Answer third = (await AddAsync(stranger, "native", "I live in Faro.", other)).Ok();

        Assert.Equal(3, new[] { first, second, third }.Select(answer => answer["event_id"].GetGuid()).Distinct().Count());
    }

    [Fact]
    public async Task A_key_of_one_user_does_not_show_what_another_was_answered()
    {
        ApiClient bound = application.As(await new SecondProject(application.Database).NewKeyOfAsync(ApiApplication.NewUser())).Keyed(_key);
        (await AddAsync(Keyed, "kept")).Ok();

        (await AddAsync(bound, "kept")).IsRefusedWith(403);
    }

    public static TheoryData<string> Unusable => ["   ", new string('a', 256), "über", "tab\there"];

    [Theory]
    [MemberData(nameof(Unusable))]
    public async Task A_key_that_cannot_be_one_is_refused_and_nothing_is_stored(string key)
    {
        string path = $"/v1/memories/{await application.Api.KeepAsync(_user, "User plays the cello")}/";
        ApiClient bad = application.Api.Keyed(key);

        foreach (string add in new[] { "native", "inferred", "kept" })
            (await AddAsync(bad, add)).IsRefusedWith(400);
        (await bad.PutAsync(path, new { text = "User sings" })).IsRefusedWith(400);
        (await bad.DeleteAsync(path)).IsRefusedWith(400);

        Assert.Equal((0, 1), await StoredAsync());
    }

    [Fact]
    public async Task Two_keys_on_one_request_are_refused() => (await AddAsync(application.Api.Keyed(_key, "other"), "native")).IsRefusedWith(400);

    [Fact]
    public async Task Without_a_key_what_is_said_twice_was_said_twice()
    {
        (await AddAsync(application.Api, "native")).Ok();
        (await AddAsync(application.Api, "native")).Ok();

        Assert.Equal((2, 2), await StoredAsync());
    }

    private Task<Answer> AddAsync(ApiClient api, string add, string text = "I live in Lisbon.", string? user = null)
    {
        var messages = new[] { new { role = "user", content = text } };
        return add == "native"
            ? api.PostAsync("/v1/messages/", new { scope = new { user_id = user ?? _user, run_id = "talk" }, messages })
            : api.PostAsync("/v3/memories/add/", new { user_id = user ?? _user, infer = add == "inferred", metadata = new { channel = "web" }, messages });
    }

    private async Task<(long Episodes, long Events)> StoredAsync() => (
        await application.Database.ScalarAsync<long>("select count(*) from episodes where owner_id = $1", _user),
        await application.Database.ScalarAsync<long>("select count(*) from events where owner_id = $1", _user));
}
