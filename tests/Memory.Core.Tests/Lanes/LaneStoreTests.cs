using Memory.Core.Episodic;
using Memory.Core.Ingestion;
using Memory.Core.Lanes;
using Memory.Core.Storage;
using Memory.Testing;
using Microsoft.Extensions.DependencyInjection;

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

        await Assert.ThrowsAsync<LeaseLostException>(() => _rig.ApplyAsync(stale));

        Assert.Equal(0L, await _rig.Database.ScalarAsync<long>("select count(*) from memories"));
        Assert.Equal(1, await _rig.ApplyAsync(current));
        Assert.Equal(1L, await _rig.Database.ScalarAsync<long>("select count(*) from memories"));
    }

    [Fact]
    public async Task A_direct_write_about_something_else_does_not_hold_up_a_batch()
    {
        MemoryScope alice = MemoryScope.Create(userId: "alice");
        await AppendAsync(alice, "I live in Leeds.");
        LaneLease lease = (await _rig.Worker<LaneStore>().ClaimAsync(CancellationToken.None))!;
        await _rig.Api<DirectWriter>().AddAsync(
            _rig.Principal, alice, [new NewMessage("user", "User likes chess")], IngestionRequest.Plain, CancellationToken.None);

        Assert.Equal(1, await _rig.ApplyAsync(lease));

        Assert.Equal(2L, await _rig.Database.ScalarAsync<long>("select count(*) from memories"));
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

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task A_workers_wrong_clock_neither_keeps_a_lane_nor_takes_one(int hours)
    {
        await AppendAsync(MemoryScope.Create(userId: "alice"), "I live in Leeds.");
        await using var wrong = new EngineHost(
            _rig.Database.Worker, (await TestServers.SharedAsync()).Redis,
            services => services.AddSingleton<TimeProvider>(new ManualTime(DateTimeOffset.UtcNow.AddHours(hours))));

        Assert.NotNull(await wrong.Get<LaneStore>().ClaimAsync(CancellationToken.None));
        bool isLeasedForSeconds = await _rig.Database.ScalarAsync<bool>("select lease_until between now() and now() + interval '1 minute' from lanes");
        LaneLease? whileLeased = await wrong.Get<LaneStore>().ClaimAsync(CancellationToken.None);
        await _rig.Database.ExecuteAsync("update lanes set lease_until = now() - interval '1 second'");
        LaneLease? afterwards = await wrong.Get<LaneStore>().ClaimAsync(CancellationToken.None);

        Assert.True(isLeasedForSeconds);
        Assert.Null(whileLeased);
        Assert.NotNull(afterwards);
    }

    [Fact]
    public async Task A_busy_owner_stands_in_line_again_after_every_batch()
    {
        await Task.WhenAll(Enumerable.Range(0, 60).Select(i => AppendAsync(MemoryScope.Create(userId: "busy"), $"message {i}")));
        await AppendAsync(MemoryScope.Create(userId: "quiet"), "I live in Porto.");

        List<string> order = [];
        while (await _rig.Worker<LaneStore>().ClaimAsync(CancellationToken.None) is { } lease)
        {
            order.Add(lease.Lane.Owner.Id);
            await _rig.ApplyAsync(lease);
        }

        Assert.Equal(["busy", "quiet", "busy", "busy"], order);
    }

    [Fact]
    public async Task A_lane_knows_since_when_its_oldest_message_waits()
    {
        MemoryScope alice = MemoryScope.Create(userId: "alice");
        for (var i = 0; i < 21; i++)
            await AppendAsync(alice, $"message {i}");
        await _rig.Database.ExecuteAsync("update episodes set recorded_at = recorded_at - interval '1 hour' where seq <= 20");
        await _rig.Database.ExecuteAsync("update lanes set waiting_since = now() - interval '1 hour'");

        await _rig.ApplyAsync((await _rig.Worker<LaneStore>().ClaimAsync(CancellationToken.None))!);
        bool isTheLastOnes = await _rig.Database.ScalarAsync<bool>("select l.waiting_since = e.recorded_at from lanes l join episodes e on e.seq = 21");
        await _rig.DrainAsync();

        Assert.True(isTheLastOnes);
        Assert.True(await _rig.Database.ScalarAsync<bool>("select waiting_since is null from lanes"));
    }

    [Fact]
    public async Task An_owner_whose_messages_wait_too_long_is_told_when_to_come_back_and_nobody_else_is()
    {
        MemoryScope alice = MemoryScope.Create(userId: "alice");
        await AppendAsync(alice, "I live in Leeds.");
        await _rig.Database.ExecuteAsync("update lanes set waiting_since = now() - interval '2 days'");

        var refused = await Assert.ThrowsAsync<BacklogException>(() => AppendAsync(alice, "I live in Porto."));
        await AppendAsync(MemoryScope.Create(userId: "bob"), "I live in Porto.");
        await _rig.DrainAsync();
        await AppendAsync(alice, "I live in Porto.");

        Assert.Equal((429, true), (refused.Status, refused.RetryAfter > TimeSpan.Zero));
        Assert.Equal(2L, await _rig.Database.ScalarAsync<long>("select max(seq) from episodes where owner_id = 'alice'"));
    }

    private Task<Appended> AppendAsync(MemoryScope scope, string text) =>
        _rig.Api<EpisodeLog>().AppendAsync(_rig.Principal, scope, [new NewMessage("user", text)], IngestionRequest.Plain, CancellationToken.None);
}
