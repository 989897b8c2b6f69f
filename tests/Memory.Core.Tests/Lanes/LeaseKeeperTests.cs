using Memory.Core.Episodic;
using Memory.Core.Lanes;
using Memory.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Memory.Core.Tests.Lanes;

public sealed class LeaseKeeperTests : IAsyncLifetime
{
    private static readonly TimeSpan s_lease = TimeSpan.FromSeconds(30);

    private readonly ManualTime _time = new(DateTimeOffset.UnixEpoch);
    private CoreRig _rig = null!;
    private LaneLease _lease = null!;

    public async Task InitializeAsync()
    {
        _rig = await CoreRig.StartAsync();
        await _rig.Api<EpisodeLog>().AppendAsync(
            _rig.Principal, MemoryScope.Create(userId: "alice"), [new NewMessage("user", "I live in Porto.")], IngestionRequest.Plain, CancellationToken.None);
        _lease = (await _rig.Worker<LaneStore>().ClaimAsync(CancellationToken.None))!;
    }

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    public async Task A_lease_is_renewed_at_a_third_of_its_length_while_its_batch_is_worked_on()
    {
        var done = new TaskCompletionSource<int>();
        await _rig.Database.ExecuteAsync("update lanes set lease_until = now() - interval '1 hour'");
        Task<int> work = Keeper(_rig.Worker<LaneStore>()).HoldAsync(_lease, held => done.Task.WaitAsync(held), CancellationToken.None);

        _time.Advance(s_lease / 3);
        await _rig.Database.UntilAsync("select lease_until > now() from lanes", within: s_lease);
        done.SetResult(1);

        Assert.Equal(1, await work);
    }

    [Fact]
    public async Task Work_is_called_off_when_the_lane_is_somebody_elses()
    {
        Task<int> work = Keeper(_rig.Worker<LaneStore>()).HoldAsync(_lease, NeverAsync, CancellationToken.None);
        await _rig.Database.ExecuteAsync("update lanes set epoch = epoch + 1");

        _time.Advance(s_lease / 3);

        await Assert.ThrowsAsync<LeaseLostException>(() => work);
    }

    [Fact]
    public async Task Work_is_called_off_when_nobody_confirmed_the_lease_for_its_whole_length()
    {
        await using var cutOff = new EngineHost("Host=127.0.0.1;Port=1;Database=nowhere;Username=nobody;Password=none", (await TestServers.SharedAsync()).Redis);
        Task<int> work = Keeper(cutOff.Get<LaneStore>()).HoldAsync(_lease, NeverAsync, CancellationToken.None);

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!work.IsCompleted)
        {
            _time.Advance(s_lease / 3);
            await Task.Delay(20, patience.Token);
        }

        await Assert.ThrowsAsync<LeaseLostException>(() => work);
    }

    [Fact]
    public async Task Whoever_stops_is_not_told_that_the_lane_was_lost()
    {
        using var stop = new CancellationTokenSource();
        Task<int> work = Keeper(_rig.Worker<LaneStore>()).HoldAsync(_lease, NeverAsync, stop.Token);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => work);
    }

    private LeaseKeeper Keeper(LaneStore lanes) => new(lanes, _time, NullLogger<LeaseKeeper>.Instance);

    private static async Task<int> NeverAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.Infinite, cancellationToken);
        return 0;
    }
}
