using Memory.Testing;

namespace Memory.Api.Tests;

public sealed class OutageTests
{
    private readonly string _user = ApiApplication.NewUser();

    [Fact]
    public async Task Without_Postgres_every_question_is_answered_that_it_cannot_be()
    {
        ApiApplication application = ApiApplication.WithoutPostgres();
        await application.InitializeAsync();

        List<Answer> answers =
        [
            await application.Api.PostAsync("/v3/memories/search/", new { query = "home", filters = new { user_id = _user } }),
            await application.Api.PostAsync("/v1/messages/", new { scope = new { user_id = _user }, messages = new[] { new { role = "user", content = "I live in Lisbon." } } }),
            await application.Api.GetAsync("/v1/ping/"),
        ];

        Assert.All(answers, answer =>
        {
            answer.IsRefusedWith(503);
            Assert.NotNull(answer.Headers.RetryAfter?.Delta);
            Assert.DoesNotContain("127.0.0.1", answer.Text, StringComparison.Ordinal);
        });
        Assert.Equal(503, (await application.As(null).GetAsync("/health")).Status);
        Assert.Equal(200, (await application.As(null).GetAsync("/alive")).Status);
        await application.DisposeAsync();
    }

    [Fact]
    public async Task A_database_that_drops_its_connections_is_never_mistaken_for_an_empty_one()
    {
        var application = new ApiApplication();
        await application.InitializeAsync();
        await application.Api.KeepAsync(_user, "User lives in Lisbon");

        await application.Database.ExecuteAsync(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and usename = 'memory_api'");
        var statuses = new List<int>();
        Answer answer;
        do
        {
            answer = await application.Api.PostAsync("/v3/memories/search/", new { query = "Lisbon", filters = new { user_id = _user } });
            statuses.Add(answer.Status);
        }
        while (answer.Status == 503 && statuses.Count < 50);

        Assert.All(statuses, status => Assert.True(status is 200 or 503, $"{status}: {answer.Text}"));
        Assert.Equal(["User lives in Lisbon"], answer.Ok().Memories);
        await application.DisposeAsync();
    }

    [Fact]
    public async Task Without_Redis_messages_are_stored_and_the_window_comes_from_the_episodes()
    {
        ApiApplication application = ApiApplication.WithoutRedis();
        await application.InitializeAsync();

        await application.Api.SayAsync(_user, "talk", ("user", "I live in Lisbon."), ("assistant", "Noted."));
        await application.DrainAsync();
        Answer context = await application.Api.PostAsync(
            "/v1/context/", new { scope = new { user_id = _user }, query = "Where do I live?", conversation_id = "talk" });

        Assert.Equal(["I live in Lisbon.", "Noted."], context.Ok()["window"].EnumerateArray().Select(turn => turn.GetProperty("content").GetString()));
        Assert.Contains("User lives in Lisbon", context["block"].GetString(), StringComparison.Ordinal);
        Assert.Equal(200, (await application.UntilHealthyAsync()).Status);
        await application.DisposeAsync();
    }

    [Fact]
    public async Task Without_Redis_nobody_says_that_a_recall_never_was()
    {
        ApiApplication application = ApiApplication.WithoutRedis();
        await application.InitializeAsync();

        // The first asks Redis, the second is left out.
        (await application.Api.GetAsync($"/v1/recall/{Guid.NewGuid()}/")).IsRefusedWith(503);
        (await application.Api.GetAsync($"/v1/recall/{Guid.NewGuid()}/")).IsRefusedWith(503);
        await application.DisposeAsync();
    }

    [Fact]
    public async Task The_service_is_unhealthy_until_the_schema_is_migrated_and_works_from_then_on()
    {
        TestServers servers = await TestServers.SharedAsync();
        TestDatabase database = await servers.NewEmptyDatabaseAsync();
        ApiApplication application = ApiApplication.On(database);
        await application.InitializeAsync();

        Answer before = await application.As(null).GetAsync("/health");
        Answer tooEarly = await application.Api.GetAsync("/v1/ping/");
        await TestServers.MigrateAsync(database.Owner);
        Answer after = await application.UntilHealthyAsync();

        Assert.Equal(503, before.Status);
        Assert.Equal("Unhealthy", before.Text);
        tooEarly.IsRefusedWith(503);
        Assert.Equal(200, after.Status);
        await application.Api.KeepAsync(_user, "User lives in Lisbon");
        Assert.Equal(["User lives in Lisbon"], (await application.Api.SearchAsync(_user, "Lisbon")).Memories);
        await application.DisposeAsync();
    }
}
