using System.Text.Json;
using Memory.Core.Privacy;
using Memory.Core.Storage;
using Memory.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Memory.Api.Tests.Auth;

/// <summary>A key from the moment it is shown until nobody is let in by it.</summary>
public sealed class KeyLifeTests(ApiApplication application) : IClassFixture<ApiApplication>
{
    private readonly string _user = ApiApplication.NewUser();

    [Theory]
    [InlineData("/v1/keys/")]
    [InlineData("/api-keys")]
    public async Task A_key_is_shown_once_and_works(string path)
    {
        Answer made = await application.Api.PostAsync(path, new { label = "for a test" });

        made.IsCreated();
        string key = made["key"].GetString()!;
        Assert.Matches("^amk_[A-Za-z0-9_-]{43}$", key);
        Assert.Equal(("for a test", key[..10]), (made["label"].GetString(), made["key_prefix"].GetString()));
        Assert.True(made["created_at"].TryGetDateTimeOffset(out _));
        (await application.As(key).GetAsync("/v1/ping/")).Ok();
        string listed = (await application.Api.GetAsync(path)).Ok().Text;
        Assert.Contains(made["id"].GetString()!, listed, StringComparison.Ordinal);
        Assert.DoesNotContain(key, listed, StringComparison.Ordinal);
        Assert.Equal(0L, await application.Database.ScalarAsync<long>("select count(*) from api_keys k where to_jsonb(k)::text like '%' || $1 || '%'", key));
    }

    [Fact]
    public async Task What_a_key_was_made_with_is_what_it_may_do()
    {
        DateTimeOffset end = new(2999, 1, 1, 0, 0, 0, TimeSpan.Zero);
        Answer made = await MakeAsync(new { label = "reader", scopes = new[] { "read" }, user_id = _user, expires_at = end });

        Assert.Equal(["read"], made["scopes"].EnumerateArray().Select(scope => scope.GetString()));
        Assert.Equal((_user, end), (made["user_id"].GetString(), made["expires_at"].GetDateTimeOffset()));
        ApiClient reader = application.As(made["key"].GetString());
        (await reader.PostAsync("/v3/memories/", new { filters = new { user_id = _user } })).Ok();
        (await reader.PostAsync("/v3/memories/", new { filters = new { user_id = "somebody" } })).IsRefusedWith(403);
        (await reader.PostAsync("/v1/messages/", new { scope = new { user_id = _user }, messages = new[] { new { role = "user", content = "Hello." } } })).IsRefusedWith(403);
    }

    [Fact]
    public async Task A_key_that_was_told_nothing_makes_no_keys() =>
        (await application.As((await MakeAsync(new { label = "usual" }))["key"].GetString()).GetAsync("/v1/keys/")).IsRefusedWith(403);

    [Theory]
    [InlineData("no label", """{}""")]
    [InlineData("a blank label", """{"label":" "}""")]
    [InlineData("a scope that is not known", """{"label":"x","scopes":["everything"]}""")]
    [InlineData("a scope in another case", """{"label":"x","scopes":["Read"]}""")]
    [InlineData("scopes that are a text", """{"label":"x","scopes":"read"}""")]
    [InlineData("two owners", """{"label":"x","user_id":"a","agent_id":"b"}""")]
    [InlineData("a blank owner", """{"label":"x","user_id":""}""")]
    [InlineData("an owner of the system's own", """{"label":"x","user_id":"rebuild:a"}""")]
    [InlineData("an end that is over", """{"label":"x","expires_at":"2020-01-01T00:00:00Z"}""")]
    [InlineData("an end that is none", """{"label":"x","expires_at":"soon"}""")]
    [InlineData("a NUL in its label", """{"label":"\u0000"}""")]
    public async Task A_key_is_not_made_with(string what, string body)
    {
        Assert.NotEmpty(what);
        (await application.Api.PostTextAsync("/v1/keys/", body)).IsRefusedWith(400);
    }

    [Fact]
    public async Task A_key_gives_no_scope_that_it_lacks()
    {
        ApiClient maker = application.As(await new SecondProject(application.Database).NewKeyAsync("read", "admin"));

        (await maker.PostAsync("/v1/keys/", new { label = "more", scopes = new[] { "read", "delete" } })).IsRefusedWith(403);
        (await maker.PostAsync("/v1/keys/", new { label = "more" })).IsRefusedWith(403);
        (await maker.PostAsync("/v1/keys/", new { label = "as much", scopes = new[] { "read" } })).IsCreated();
    }

    [Fact]
    public async Task A_key_of_one_user_makes_sees_and_revokes_that_users_keys_alone()
    {
        ApiClient bound = application.As(await new SecondProject(application.Database).NewKeyOfAsync(_user));
        string others = (await MakeAsync(new { label = "of all" }))["id"].GetString()!, another = (await MakeAsync(new { label = "of another", user_id = "another" }))["id"].GetString()!;

        (await bound.PostAsync("/v1/keys/", new { label = "x", user_id = "another" })).IsRefusedWith(403);
        (await bound.PostAsync("/v1/keys/", new { label = "x", agent_id = _user })).IsRefusedWith(403);
        Answer own = await bound.PostAsync("/v1/keys/", new { label = "own" });
        Answer list = (await bound.GetAsync("/v1/keys/")).Ok();

        Assert.Equal(_user, own.IsCreated()["user_id"].GetString());
        Assert.Equal(2, list.Results.Count);
        Assert.All(list.Results, key => Assert.Equal(_user, key.GetProperty("user_id").GetString()));
        (await bound.DeleteAsync($"/v1/keys/{others}/")).IsRefusedWith(404);
        (await bound.DeleteAsync($"/api-keys/{another}")).IsRefusedWith(404);
        (await bound.DeleteAsync($"/v1/keys/{own["id"].GetString()}/")).Ok();
        (await bound.GetAsync("/v1/project/distilling/")).IsRefusedWith(403);
    }

    [Theory]
    [InlineData("/v1/keys/{0}/")]
    [InlineData("/api-keys/{0}")]
    public async Task A_revoked_key_opens_nothing_within_five_seconds_in_any_process(string path)
    {
        Answer made = await MakeAsync(new { label = "short-lived" });
        string key = made["key"].GetString()!, id = made["id"].GetString()!;
        await using var other = new OtherProcess(application);
        (await application.As(key).GetAsync("/v1/ping/")).Ok();
        (await other.PingAsync(key)).Ok();

        (await application.Api.DeleteAsync(string.Format(null, path, id))).Ok();
        Answer here = await application.As(key).GetAsync("/v1/ping/");
        await RevokedKey.UntilRefusedAsync(() => other.PingAsync(key));

        here.IsRefusedWith(401);
        (await application.Api.DeleteAsync(string.Format(null, path, id))).IsRefusedWith(404);
        Assert.DoesNotContain(id, (await application.Api.GetAsync("/api-keys")).Ok().Text, StringComparison.Ordinal);
        JsonElement listed = Assert.Single((await application.Api.GetAsync("/v1/keys/")).Ok().Results, one => one.GetProperty("id").GetString() == id);
        Assert.True(listed.GetProperty("revoked_at").TryGetDateTimeOffset(out _));
    }

    [Theory]
    [InlineData("/v1/keys/")]
    [InlineData("/api-keys")]
    public async Task What_made_a_key_makes_no_other_when_it_is_sent_again(string path)
    {
        string label = $"once-{Guid.NewGuid():N}";
        ApiClient once = application.Api.Keyed(label);

        (await once.PostAsync(path, new { label })).IsCreated();
        (await once.PostAsync(path, new { label })).IsRefusedWith(409);

        Assert.Equal(1, await application.Database.ScalarAsync<long>("select count(*) from api_keys where label = $1", label));
    }

    [Fact]
    public async Task A_project_has_no_more_keys_than_it_may_and_lists_none_that_ended_long_ago()
    {
        ApiClient own = application.As(await new SecondProject(application.Database).NewProjectAsync());
        await application.Database.ExecuteAsync(
            """
            insert into api_keys (project_id, id, label, prefix, hash, scopes, revoked_at)
            select k.project_id, gen_random_uuid(), 'many', 'amk_', sha256(gen_random_uuid()::text::bytea), '{read}', case when n > 999 then now() - interval '31 days' end
              from api_keys k, generate_series(1, 1005) n
             where k.id = $1
            """,
            Guid.Parse((await own.GetAsync("/v1/keys/")).Ok().Results[0].GetProperty("id").GetString()!));

        (await own.PostAsync("/v1/keys/", new { label = "one more" })).IsRefusedWith(409);

        Assert.Equal(1_000, (await own.GetAsync("/v1/keys/")).Ok().Results.Count);
    }

    [Fact]
    public async Task The_first_key_stays_revoked_until_it_is_another()
    {
        TestDatabase database = await (await TestServers.SharedAsync()).NewDatabaseAsync();
        await using Npgsql.NpgsqlDataSource source = Npgsql.NpgsqlDataSource.Create(database.Owner);
        var bootstrap = new Bootstrap(new MemoryDb(source));
        await database.ExecuteAsync("update api_keys set revoked_at = now() where label = 'bootstrap'");

        await bootstrap.EnsureAsync(new BootstrapOptions { ApiKey = TestServers.ApiKey }, CancellationToken.None);
        Assert.Equal(1, await database.ScalarAsync<long>("select count(*) from api_keys where revoked_at is not null"));
        await bootstrap.EnsureAsync(new BootstrapOptions { ApiKey = "another-first-key-0123456789" }, CancellationToken.None);
        Assert.Equal(0, await database.ScalarAsync<long>("select count(*) from api_keys where revoked_at is not null"));
    }

    [Fact]
    public async Task A_stream_ends_when_its_key_is_revoked()
    {
        Answer made = await MakeAsync(new { label = "listener" });
        using EventReader stream = await application.As(made["key"].GetString()).ListenAsync($"/v1/events/stream/?user_id={_user}");

        (await application.Api.DeleteAsync($"/v1/keys/{made["id"].GetString()}/")).Ok();

        Assert.Null(await stream.NextAsync().WaitAsync(TimeSpan.FromSeconds(60)));
    }

    [Fact]
    public async Task Making_and_revoking_is_audited_with_who_did_it()
    {
        string id = (await MakeAsync(new { label = "watched", user_id = _user }))["id"].GetString()!;
        (await application.Api.DeleteAsync($"/v1/keys/{id}/")).Ok();

        List<string> audited = await application.Database.ListAsync(
            "select action || ' ' || actor from audit where subject_id = $1 order by at", row => row.GetString(0), Guid.Parse(id));

        Assert.Equal(["key-created", "key-revoked"], audited.Select(line => line.Split(' ')[0]));
        Assert.All(audited, line => Assert.Contains(" key:", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task When_a_key_was_last_used_is_written_once_a_minute()
    {
        Answer made = await MakeAsync(new { label = "used" });
        var use = application.Services.GetRequiredService<KeyUse>();
        string id = made["id"].GetString()!;
        Assert.Null(await LastUsedAsync(id));

        (await application.As(made["key"].GetString()).GetAsync("/v1/ping/")).Ok();
        await use.FlushAsync(CancellationToken.None);
        await application.Database.UntilAsync($"select last_used_at is not null from api_keys where id = '{id}'");
        DateTimeOffset? first = await LastUsedAsync(id);
        (await application.As(made["key"].GetString()).GetAsync("/v1/ping/")).Ok();
        await use.FlushAsync(CancellationToken.None);

        Assert.NotNull(first);
        Assert.Equal(first, await LastUsedAsync(id));
    }

    private async Task<DateTimeOffset?> LastUsedAsync(string id)
    {
        JsonElement key = Assert.Single((await application.Api.GetAsync("/v1/keys/")).Ok().Results, one => one.GetProperty("id").GetString() == id);
        return key.TryGetProperty("last_used_at", out JsonElement at) ? at.GetDateTimeOffset() : null;
    }

    private async Task<Answer> MakeAsync(object body) => (await application.Api.PostAsync("/v1/keys/", body)).IsCreated();
}
