using Memory.Core.Episodic;
using Memory.Core.Ingestion;
using Memory.Core.Lanes;
using Memory.Core.LongTerm;
using Memory.Core.Storage;
using Memory.Core.Tests.LongTerm;
using Memory.Testing;

namespace Memory.Core.Tests.Ingestion;

/// <summary>Once it is answered that all is cleared, nothing that was accepted before comes up, whatever was under way.</summary>
public sealed class ClearingTests : IAsyncLifetime
{
    private static readonly MemoryScope s_alice = MemoryScope.Create(userId: "alice");

    private CoreRig _rig = null!;

    public async Task InitializeAsync() => _rig = await CoreRig.StartAsync();

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_batch_that_is_about_to_commit_leaves_nothing(bool isWhole)
    {
        await SayAsync(s_alice, "I live in Torbole.");
        await new HandWritten(_rig, "zoe").AddAsync(HandWritten.Fact("User likes tea"));
        LaneLease lease = (await _rig.Worker<LaneStore>().ClaimAsync(CancellationToken.None))!;
        await using HeldAudit held = await HeldAudit.HoldAsync(_rig.Database, "batch applied");
        Task<int> applying = _rig.ApplyAsync(lease);
        await held.UntilReachedAsync();

        Task clearing = ClearAsync(isWhole ? null : s_alice);
        await held.UntilWaitingAsync(2);
        await held.ReleaseAsync();
        await applying;
        await clearing;

        Assert.Equal(isWhole ? [] : ["User likes tea"], await MemoriesAsync());
        Assert.Equal(0, await _rig.DrainAsync());
        Assert.Empty(await StoredWords.FindAsync(_rig.Database, "Torbole"));
    }

    [Fact]
    public async Task A_batch_that_is_planned_already_is_called_off()
    {
        await SayAsync(s_alice, "I live in Torbole.");
        LaneLease lease = (await _rig.Worker<LaneStore>().ClaimAsync(CancellationToken.None))!;
        Batch batch = (await _rig.Worker<BatchReader>().ReadAsync(lease, CancellationToken.None))!;

        await ClearAsync(s_alice);

        await Assert.ThrowsAsync<LeaseLostException>(() => _rig.Worker<IngestionPipeline>().RunAsync(batch, CancellationToken.None));
        await _rig.DrainAsync();
        Assert.Empty(await MemoriesAsync());
        Assert.Empty(await StoredWords.FindAsync(_rig.Database, "Torbole"));
    }

    [Fact]
    public async Task A_memory_that_comes_up_behind_the_last_one_that_was_found_goes_too()
    {
        await new HandWritten(_rig, "zoe").AddAsync(HandWritten.Fact("User likes tea"));
        await using HeldAudit held = await HeldAudit.HoldAsync(_rig.Database, "forget");
        Task clearing = ClearAsync(null);
        await held.UntilReachedAsync();

        await new HandWritten(_rig, "adam").AddAsync(HandWritten.Fact("User likes coffee"));
        await held.ReleaseAsync();
        await clearing;

        Assert.Empty(await MemoriesAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_a_person_said_to_an_agent_and_is_not_distilled_goes_with_the_agent(bool isDead)
    {
        await SayAsync(MemoryScope.Create(userId: "alice", agentId: "coach"), "I live in Torbole.");
        await SayAsync(MemoryScope.Create(userId: "alice", agentId: "cook"), "I work as a luthier.");
        if (isDead)
        {
            await _rig.Database.ExecuteAsync("""
                insert into dead_letters (project_id, owner_kind, owner_id, seq, event_id, payload, reason, attempts)
                select project_id, owner_kind, owner_id, seq, event_id, convert_to(content, 'utf8'), 'failed', 5 from episodes where seq = 1;
                update lanes set applied_seq = 2, waiting_since = null
                """);
        }

        await ClearAsync(MemoryScope.Create(agentId: "coach"));
        await _rig.DrainAsync();

        Assert.DoesNotContain(await MemoriesAsync(), memory => memory.Contains("Torbole", StringComparison.Ordinal));
        Assert.Empty(await StoredWords.FindAsync(_rig.Database, "Torbole"));
        Assert.Equal("I work as a luthier.", await _rig.Database.ScalarAsync<string>("select content from episodes where seq = 2"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("coach")]
    public async Task What_an_earlier_wish_to_forget_left_of_a_message_goes_too(string? agent)
    {
        MemoryScope said = MemoryScope.Create(userId: "alice", agentId: agent);
        await SayAsync(said, "[forgotten] The larches of Torbole are gold.");
        await _rig.Database.ExecuteAsync("update episodes set redacted_at = now()");

        await ClearAsync(agent is null ? s_alice : said);

        Assert.Empty(await StoredWords.FindAsync(_rig.Database, "Torbole"));
    }

    [Fact]
    public async Task What_an_earlier_wish_to_forget_left_of_a_dead_letter_is_not_learned_when_it_is_replayed()
    {
        await SayAsync(s_alice, "[forgotten] I live in Torbole.");
        await _rig.Database.ExecuteAsync("""
            insert into dead_letters (project_id, owner_kind, owner_id, seq, event_id, payload, reason, attempts)
            select project_id, owner_kind, owner_id, seq, event_id, '', 'failed', 5 from episodes;
            update episodes set redacted_at = now();
            update lanes set applied_seq = 1, waiting_since = null
            """);

        await ClearAsync(s_alice);
        await _rig.Api<DeadLetters>().ReplayAsync(_rig.Principal, new EventId(await _rig.Database.ScalarAsync<Guid>("select event_id from dead_letters")), CancellationToken.None);
        await _rig.DrainAsync();

        Assert.Empty(await MemoriesAsync());
        Assert.Empty(await StoredWords.FindAsync(_rig.Database, "Torbole"));
    }

    [Fact]
    public async Task Clearing_again_and_again_uses_up_no_attempt_of_what_stays()
    {
        await SayAsync(MemoryScope.Create(userId: "alice", runId: "monday"), "I live in Torbole.");
        MemoryScope friday = MemoryScope.Create(userId: "alice", runId: "friday");
        for (var time = 0; time < 6; time++)
        {
            LaneLease lease = (await _rig.Worker<LaneStore>().ClaimAsync(CancellationToken.None))!;
            Assert.Equal(1, lease.Attempts);
            await _rig.Api<DirectWriter>().AddAsync(_rig.Principal, friday, [new NewMessage("user", "User likes tea")], IngestionRequest.Plain, CancellationToken.None);
            await ClearAsync(friday);
            await _rig.Worker<Setbacks>().ReleaseAsync(lease, null, CancellationToken.None);
        }

        Assert.Equal(1, await _rig.DrainAsync());
        Assert.Equal(["User lives in Torbole"], await MemoriesAsync());
    }

    [Fact]
    public async Task Whoever_died_of_a_batch_is_counted_though_it_is_called_off()
    {
        await SayAsync(s_alice, "I live in Torbole.");
        var lane = new Lane(_rig.Principal.Project, s_alice.Owner);
        await _rig.Worker<LaneStore>().ClaimAsync(CancellationToken.None);
        await _rig.Database.ExecuteAsync("update lanes set lease_until = now() - interval '1 second'");

        for (var time = 0; time < 2; time++)
            await _rig.Api<MemoryDb>().QueryAsync(lane.Project, LaneFence.CalledOff(lane), CancellationToken.None);

        Assert.Equal(2, (await _rig.Worker<LaneStore>().ClaimAsync(CancellationToken.None))!.Attempts);
    }

    private Task SayAsync(MemoryScope scope, string text) => _rig.Api<EpisodeLog>().AppendAsync(
        _rig.Principal, scope, [new NewMessage("user", text)], IngestionRequest.Plain, CancellationToken.None);

    private Task<Cleared> ClearAsync(MemoryScope? scope) => _rig.Api<Clearing>().ClearAsync(_rig.Principal, scope, null, CancellationToken.None);

    private Task<List<string>> MemoriesAsync() => _rig.Database.ListAsync("select content from memories order by content", row => row.GetString(0));
}
