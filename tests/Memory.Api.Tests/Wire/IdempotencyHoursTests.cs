using Memory.Core.Episodic;
using Memory.Testing;
using Microsoft.Extensions.Options;

namespace Memory.Api.Tests.Wire;

/// <summary>How long a key is known: longer than any client tries again, and no longer than it is of use.</summary>
public sealed class IdempotencyHoursTests(ApiApplication application) : IClassFixture<ApiApplication>
{
    private const string Setting = "Memory:Episodic:IdempotencyHours";

    [Theory]
    [InlineData(null, 48)]
    [InlineData("72", 72)]
    public async Task A_key_that_is_younger_answers_as_before_and_an_older_one_is_free(string? configured, int hours)
    {
        string younger = ApiApplication.NewUser(), older = ApiApplication.NewUser();
        Answer first = (await SayAsync(younger)).Ok(), forgotten = (await SayAsync(older)).Ok();
        await AgeAsync(younger, hours - 1);
        await AgeAsync(older, hours + 1);
        await application.Database.ExecuteAsync(
            """
            insert into idempotency_keys (project_id, principal, key, request_hash, event_id, created_at)
            select project_id, principal, key || n, request_hash, event_id, created_at from idempotency_keys, generate_series(1, 2500) n where key = $1
            """,
            older);

        await using (await SweepAsync(configured))
            await application.Database.UntilAsync($"select not exists (select from idempotency_keys where starts_with(key, '{older}'))");

        Assert.Equal(first.Text, (await SayAsync(younger)).Ok().Text);
        Assert.NotEqual(forgotten["event_id"].GetGuid(), (await SayAsync(older)).Ok()["event_id"].GetGuid());
        Assert.Equal((1, 2), (await StoredAsync(younger), await StoredAsync(older)));
    }

    [Fact]
    public async Task Less_than_a_day_is_refused()
    {
        TestServers servers = await TestServers.SharedAsync();
        await using var host = new EngineHost(application.Database.Worker, servers.Redis, settings: new Dictionary<string, string?> { [Setting] = "23" });

        Assert.Throws<OptionsValidationException>(() => host.Get<IOptions<EpisodicOptions>>().Value);
    }

    // What removes keys is the worker's, with the worker's rights, and does so when it starts.
    private async Task<ServiceProcess> SweepAsync(string? configured)
    {
        Dictionary<string, string?> settings = EngineHost.Settings(application.Database.Worker, (await TestServers.SharedAsync()).Redis);
        if (configured is not null)
            settings[Setting] = configured;
        return ServiceProcess.Start("Memory.Ingestor", settings);
    }

    // A key is named like its user.
    private Task<Answer> SayAsync(string user) => application.Api.Keyed(user).PostAsync(
        "/v1/messages/", new { scope = new { user_id = user }, messages = new[] { new { role = "user", content = "I live in Lisbon." } } });

    private Task AgeAsync(string key, int hours) =>
        application.Database.ExecuteAsync("update idempotency_keys set created_at = now() - make_interval(hours => $2) where key = $1", key, hours);

    private Task<long> StoredAsync(string user) => application.Database.ScalarAsync<long>("select count(*) from episodes where owner_id = $1", user);
}
