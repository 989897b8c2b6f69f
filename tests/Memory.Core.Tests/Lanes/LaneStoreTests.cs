using Memory.Core.Episodic;
using Memory.Core.Ingestion;
using Memory.Core.Lanes;
using Memory.Core.Storage;
using Memory.Testing;

namespace Memory.Core.Tests.Lanes;

public sealed class LaneStoreTests : IAsyncLifetime
{
    private CoreRig _rig = null!;

    public async Task InitializeAsync() => _rig = await CoreRig.StartAsync();

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    public async Task Messages_that_arrive_at_once_are_numbered_without_gaps()
    {
        MemoryScope alice = MemoryScope.Create(userId: "alice");

        Appended[] appended = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => AppendAsync(alice, $"message {i}")));

        Assert.Equal(Enumerable.Range(1, 40).Select(i => (long)i), appended.Select(append => append.Turns[0].Seq).Order());
    }

    [Fact]
    public async Task A_lane_is_lent_to_one_worker_at_a_time()
    {
        await AppendAsync(MemoryScope.Create(userId: "alice"), "I live in Leeds.");

        LaneLease? first = await _rig.Worker<LaneStore>().ClaimAsync(CancellationToken.None);
        LaneLease? second = await _rig.Worker<LaneStore>().ClaimAsync(CancellationToken.None);

        Assert.NotNull(first);
        Assert.Null(second);
    }

    [Fact]
    public async Task Every_claim_counts_as_an_attempt_and_a_deferred_one_is_handed_back()
    {
        await AppendAsync(MemoryScope.Create(userId: "alice"), "I live in Leeds.");
        LaneStore lanes = _rig.Worker<LaneStore>();

        LaneLease first = (await lanes.ClaimAsync(CancellationToken.None))!;
        await lanes.RetryLaterAsync(first, TimeSpan.Zero, CancellationToken.None);
        LaneLease second = (await lanes.ClaimAsync(CancellationToken.None))!;
        await lanes.DeferAsync(second, TimeSpan.Zero, CancellationToken.None);
        LaneLease third = (await lanes.ClaimAsync(CancellationToken.None))!;

        Assert.Equal([1, 2, 2], [first.Attempts, second.Attempts, third.Attempts]);
    }

    [Fact]
    public async Task A_worker_whose_lease_ran_out_writes_nothing()
    {
        await AppendAsync(MemoryScope.Create(userId: "alice"), "I live in Leeds.");
        LaneLease stale = (await _rig.Worker<LaneStore>().ClaimAsync(CancellationToken.None))!;
        await _rig.Database.ExecuteAsync("update lanes set lease_until = now() - interval '1 second'");
        LaneLease current = (await _rig.Worker<LaneStore>().ClaimAsync(CancellationToken.None))!;

        await Assert.ThrowsAsync<LeaseLostException>(() => _rig.Worker<IngestionPipeline>().RunAsync(stale, CancellationToken.None));

        Assert.Equal(0L, await _rig.Database.ScalarAsync<long>("select count(*) from memories"));
        Assert.Equal(1, await _rig.Worker<IngestionPipeline>().RunAsync(current, CancellationToken.None));
        Assert.Equal(1L, await _rig.Database.ScalarAsync<long>("select count(*) from memories"));
    }

    [Fact]
    public async Task A_plan_made_before_a_direct_write_is_discarded()
    {
        MemoryScope alice = MemoryScope.Create(userId: "alice");
        await AppendAsync(alice, "I live in Leeds.");
        LaneLease lease = (await _rig.Worker<LaneStore>().ClaimAsync(CancellationToken.None))!;
        await _rig.Api<DirectWriter>().AddAsync(
            _rig.Principal, alice, [new NewMessage("user", "User lives in Leeds")], IngestionRequest.Plain, CancellationToken.None);

        await Assert.ThrowsAsync<LeaseLostException>(() => _rig.Worker<IngestionPipeline>().RunAsync(lease, CancellationToken.None));
        await _rig.Worker<LaneStore>().DeferAsync(lease, TimeSpan.Zero, CancellationToken.None);
        await _rig.DrainAsync();

        Assert.Equal(1L, await _rig.Database.ScalarAsync<long>("select count(*) from memories"));
    }

    [Fact]
    public async Task The_lane_that_waited_longest_comes_first()
    {
        await AppendAsync(MemoryScope.Create(userId: "first"), "I live in Leeds.");
        await AppendAsync(MemoryScope.Create(userId: "second"), "I live in Porto.");
        await AppendAsync(MemoryScope.Create(userId: "first"), "I work as a nurse.");

        LaneLease lease = (await _rig.Worker<LaneStore>().ClaimAsync(CancellationToken.None))!;

        Assert.Equal("first", lease.Lane.Owner.Id);
    }

    private Task<Appended> AppendAsync(MemoryScope scope, string text) =>
        _rig.Api<EpisodeLog>().AppendAsync(_rig.Principal, scope, [new NewMessage("user", text)], IngestionRequest.Plain, CancellationToken.None);
}
