using System.Text.Json;
using Memory.Api.Tests.Auth;
using Memory.Core;
using Memory.Core.Episodic;
using Memory.Core.Lanes;
using Memory.Core.Privacy;
using Microsoft.Extensions.DependencyInjection;

namespace Memory.Api.Tests.Endpoints;

public sealed class ReplayTests(ApiApplication application) : IClassFixture<ApiApplication>
{
    private readonly string _user = ApiApplication.NewUser();

    [Fact]
    public async Task What_failed_is_distilled_when_it_is_replayed()
    {
        Guid id = await FailAsync("I live in Lisbon.");
        Answer failed = await application.Api.GetAsync($"/v1/events/{id}/");

        Answer replayed = (await application.Api.PostAsync($"/v1/events/{id}/replay/", new { })).Ok();
        await application.DrainAsync();

        Assert.Equal("FAILED", failed["status"].GetString());
        Assert.Equal((id, "PENDING", 1), (replayed["event_id"].GetGuid(), replayed["status"].GetString(), replayed["messages"].GetInt32()));
        Assert.Equal("SUCCEEDED", (await application.Api.GetAsync($"/v1/events/{id}/"))["status"].GetString());
        Assert.Equal(["User lives in Lisbon"], (await application.Api.ListAsync(_user)).Memories);
    }

    [Fact]
    public async Task Only_what_failed_can_be_replayed_and_only_once()
    {
        Guid failed = await FailAsync("I live in Lisbon.");
        Guid good = (await application.Api.AddAsync(_user, "I have a dog."))["event_id"].GetGuid();

        (await application.Api.PostAsync($"/v1/events/{failed}/replay/", new { })).Ok();

        (await application.Api.PostAsync($"/v1/events/{failed}/replay/", new { })).IsRefusedWith(409);
        (await application.Api.PostAsync($"/v1/events/{good}/replay/", new { })).IsRefusedWith(409);
        (await application.Api.PostAsync($"/v1/events/{Guid.NewGuid()}/replay/", new { })).IsRefusedWith(404);
        (await application.Api.PostAsync("/v1/events/no-id/replay/", new { })).IsRefusedWith(404);
    }

    [Fact]
    public async Task Nobody_replays_for_others()
    {
        Guid id = await FailAsync("I live in Lisbon.");
        string path = $"/v1/events/{id}/replay/";
        var tenants = new SecondProject(application.Database);

        (await application.As(await tenants.NewProjectAsync()).PostAsync(path, new { })).IsRefusedWith(404);
        (await application.As(await tenants.NewKeyOfAsync(ApiApplication.NewUser())).PostAsync(path, new { })).IsRefusedWith(404);
        (await application.As(await tenants.NewKeyAsync("read")).PostAsync(path, new { })).IsRefusedWith(403);

        Assert.Equal("FAILED", (await application.Api.GetAsync($"/v1/events/{id}/"))["status"].GetString());
    }

    /// <summary>A message that a worker has given up.</summary>
    private async Task<Guid> FailAsync(string text)
    {
        Guid id = (await application.Api.AddAsync(_user, text))["event_id"].GetGuid();
        var lane = new Lane(Bootstrap.DefaultProject, new Owner(OwnerKind.User, _user));
        Episode dead = Assert.Single(await application.Services.GetRequiredService<EpisodeLog>().ReadAsync(lane, 0, 10, CancellationToken.None));
        await application.Database.ExecuteAsync(
            """
            with letter as (
                insert into dead_letters (project_id, owner_kind, owner_id, seq, event_id, payload, reason, attempts)
                select project_id, owner_kind, owner_id, 1, id, $2, 'nonsense', 5 from events where id = $1
                returning project_id, owner_kind, owner_id),
            lane as (
                update lanes l set applied_seq = 1, waiting_since = null from letter d where (l.project_id, l.owner_kind, l.owner_id) = (d.project_id, d.owner_kind, d.owner_id))
            update events set status = 'FAILED', error = 'nonsense' where id = $1
            """,
            id, JsonSerializer.SerializeToUtf8Bytes(dead));
        return id;
    }
}
