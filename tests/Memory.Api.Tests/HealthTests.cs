using System.Text.Json;
using Memory.Api.Tests.Auth;

namespace Memory.Api.Tests;

public sealed class HealthTests(ApiApplication application) : IClassFixture<ApiApplication>
{
    [Fact]
    public async Task Strangers_and_keys_without_the_right_are_told_one_word()
    {
        string reader = await new SecondProject(application.Database).NewKeyAsync("read", "write", "delete");
        Answer healthy = await application.UntilHealthyAsync();

        Assert.Equal("Healthy", healthy.Ok().Text);
        Assert.Equal("Healthy", (await application.As(reader).GetAsync("/health")).Ok().Text);
        Assert.Equal("Healthy", (await application.As("unknown-key-0123456789-abcdefghijklm").GetAsync("/health")).Ok().Text);
    }

    [Fact]
    public async Task An_administrator_is_told_how_the_write_path_fares_and_dead_letters_make_nothing_unhealthy()
    {
        string user = ApiApplication.NewUser();
        Guid id = (await application.Api.AddAsync(user, "I live in Lisbon."))["event_id"].GetGuid();
        await application.Database.ExecuteAsync(
            """
            insert into dead_letters (project_id, owner_kind, owner_id, seq, event_id, payload, reason, attempts)
            select project_id, owner_kind, owner_id, 1, id, '', 'nonsense', 5 from events where id = $1
            """,
            id);
        await application.Database.ExecuteAsync("update lanes set waiting_since = now() - interval '1 hour' where owner_id = $1", user);
        await application.UntilHealthyAsync();

        Answer health = await application.Api.GetAsync("/health");

        Assert.Equal("application/json", health.Ok().ContentType);
        Assert.Equal("Healthy", health["status"].GetString());
        JsonElement check = health["checks"].GetProperty("write-path");
        Assert.Equal("Healthy", check.GetProperty("status").GetString());
        Assert.Contains("replay", check.GetProperty("description").GetString(), StringComparison.Ordinal);
        JsonElement data = check.GetProperty("data");
        Assert.Equal((1, 1), (data.GetProperty("dead_letters").GetInt64(), data.GetProperty("waiting_lanes").GetInt64()));
        Assert.InRange(data.GetProperty("oldest_seconds").GetDouble(), 3600, 3600 + 600);
        Assert.Equal("Healthy", health["checks"].GetProperty("schema").GetProperty("status").GetString());
    }
}
