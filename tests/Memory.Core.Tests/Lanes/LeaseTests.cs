using Memory.Core.Episodic;
using Memory.Core.Ingestion;
using Memory.Core.Lanes;
using Memory.Core.Storage;
using Memory.Testing;

namespace Memory.Core.Tests.Lanes;

/// <summary>What a lease gives a right to, and to nothing more once its lane has gone on.</summary>
public sealed class LeaseTests : IAsyncLifetime
{
    private static readonly MemoryScope s_alice = MemoryScope.Create(userId: "alice");
    private static readonly TimeSpan s_hour = TimeSpan.FromHours(1);

    private CoreRig _rig = null!;

    private LaneStore Lanes => _rig.Worker<LaneStore>();

    public async Task InitializeAsync() => _rig = await CoreRig.StartAsync();

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    public async Task While_a_message_is_worked_on_its_owners_next_one_is_nobodys()
    {
        await SayAsync("Good morning");
        await SayAsync("How are you?");

        LaneLease? first = await Lanes.ClaimAsync(CancellationToken.None);
        LaneLease? second = await Lanes.ClaimAsync(CancellationToken.None);

        Assert.NotNull(first);
        Assert.Null(second);
    }

    [Fact]
    public async Task A_batch_is_applied_once_by_whoever_tries_it_twice_with_one_lease()
    {
        await SayAsync("Good morning");
        LaneLease lease = await ClaimAsync();
        Batch batch = (await _rig.Worker<BatchReader>().ReadAsync(lease, CancellationToken.None))!;
        await _rig.Worker<IngestionPipeline>().RunAsync(batch, CancellationToken.None);
        string before = await LaneAsync();

        await Assert.ThrowsAsync<LeaseLostException>(() => _rig.Worker<IngestionPipeline>().RunAsync(batch, CancellationToken.None));

        Assert.Equal(before, await LaneAsync());
        Assert.Equal(1L, await _rig.Database.ScalarAsync<long>("select count(*) from audit where action = 'batch applied'"));
    }

    [Fact]
    public async Task An_attempt_counts_from_its_claim_on_whether_or_not_its_worker_lives()
    {
        await SayAsync("Good morning");

        LaneLease first = await ClaimAsync();
        int counted = await _rig.Database.ScalarAsync<int>("select attempts from lanes");
        await ExpireAsync();
        LaneLease second = await ClaimAsync();

        Assert.Equal((1, 1, 2), (first.Attempts, counted, second.Attempts));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_was_given_back_or_dealt_with_is_not_held_any_longer(bool isApplied)
    {
        await SayAsync("Good morning");
        LaneLease former = await ClaimAsync();
        if (isApplied)
            await _rig.ApplyAsync(former);
        else
            await Lanes.RetryLaterAsync(former, TimeSpan.Zero, CancellationToken.None);
        await SayAsync("How are you?");

        Assert.False(await Lanes.RenewAsync(former, CancellationToken.None));

        Assert.True(await _rig.Database.ScalarAsync<bool>("select lease_until is null from lanes"));
        await ClaimAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Whoever_lost_the_lane_gives_nothing_of_its_next_holder_back(bool isDeferred)
    {
        await SayAsync("Good morning");
        LaneLease stale = await ClaimAsync();
        await ExpireAsync();
        LaneLease current = await ClaimAsync();
        string before = await LaneAsync();

        await (isDeferred ? Lanes.DeferAsync(stale, s_hour, CancellationToken.None) : Lanes.RetryLaterAsync(stale, s_hour, CancellationToken.None));

        Assert.Equal(before, await LaneAsync());
        Assert.Equal(1, await _rig.ApplyAsync(current));
    }

    [Fact]
    public async Task A_number_that_is_not_committed_holds_up_the_next_one_and_leaves_no_gap()
    {
        Task<Appended>? next = null;

        await Assert.ThrowsAsync<GoneException>(() => _rig.Api<MemoryDb>().TransactionAsync(
            _rig.Principal.Project,
            async transaction =>
            {
                await _rig.Api<LaneStore>().IssueAsync(transaction, new Lane(_rig.Principal.Project, s_alice.Owner), 3, isImport: false, CancellationToken.None);
                next = SayAsync("Good morning");
                await _rig.Database.UntilAsync(TestDatabase.Waiting(), unless: next);
                throw new GoneException();
            },
            CancellationToken.None));

        Assert.Equal(1L, (await next!).Turns[0].Seq);
    }

    private async Task<LaneLease> ClaimAsync() => (await Lanes.ClaimAsync(CancellationToken.None))!;

    private Task ExpireAsync() => _rig.Database.ExecuteAsync("update lanes set lease_until = now() - interval '1 second'");

    private Task<string> LaneAsync() => _rig.Database.ScalarAsync<string>("select lanes::text from lanes");

    private Task<Appended> SayAsync(string text) =>
        _rig.Api<EpisodeLog>().AppendAsync(_rig.Principal, s_alice, [new NewMessage("user", text)], IngestionRequest.Plain, CancellationToken.None);

    private sealed class GoneException : Exception;
}
