using Memory.Core.Episodic;
using Memory.Core.Lanes;
using Memory.Testing;

namespace Memory.Core.Tests.Lanes;

/// <summary>A burst of messages becomes one batch: its lane rests a moment before anybody takes it.</summary>
public sealed class QuietTimeTests : IAsyncLifetime
{
    private CoreRig _rig = null!;

    public async Task InitializeAsync() =>
        _rig = await CoreRig.StartAsync(settings: new Dictionary<string, string?> { ["Memory:Lanes:QuietMilliseconds"] = "60000" });

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    public async Task A_lane_is_claimed_once_its_quiet_time_is_over_and_not_before()
    {
        await SayAsync("Good morning");
        Assert.Null(await ClaimAsync());
        Assert.True(await _rig.Database.ScalarAsync<bool>("select ready_at = created_at + interval '60 seconds' from lanes, events"));

        await SayAsync("How are you?");
        Assert.Null(await ClaimAsync());
        await _rig.Database.ExecuteAsync("update lanes set ready_at = ready_at - interval '60 seconds'");

        Assert.Equal(2, await _rig.ApplyAsync((await ClaimAsync())!));
    }

    [Fact]
    public async Task A_message_that_comes_into_the_quiet_time_does_not_begin_it_anew()
    {
        await SayAsync("Good morning");
        DateTime before = await _rig.Database.ScalarAsync<DateTime>("select ready_at from lanes");

        await SayAsync("How are you?");

        Assert.Equal(before, await _rig.Database.ScalarAsync<DateTime>("select ready_at from lanes"));
    }

    private Task<LaneLease?> ClaimAsync() => _rig.Worker<LaneStore>().ClaimAsync(CancellationToken.None);

    private Task<Appended> SayAsync(string text) => _rig.Api<EpisodeLog>().AppendAsync(
        _rig.Principal, MemoryScope.Create(userId: "alice"), [new NewMessage("user", text)], IngestionRequest.Plain, CancellationToken.None);
}
