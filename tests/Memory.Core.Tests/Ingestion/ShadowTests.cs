using Memory.Core.Episodic;
using Memory.Core.Ingestion.Forgetting;
using Memory.Core.Ingestion.Rebuilding;
using Memory.Core.Lanes;
using Memory.Core.LongTerm;
using Memory.Core.Storage;
using Memory.Testing;

namespace Memory.Core.Tests.Ingestion;

/// <summary>The lane in which memory is made anew never gets in the way of the one beside it.</summary>
public sealed class ShadowTests : IAsyncLifetime
{
    private static readonly MemoryScope s_alice = MemoryScope.Create(userId: "alice");

    private CoreRig _rig = null!;

    private Lane Lane => new(_rig.Principal.Project, s_alice.Owner);

    public async Task InitializeAsync()
    {
        _rig = await CoreRig.StartAsync();
        await _rig.Api<EpisodeLog>().AppendAsync(
            _rig.Principal, s_alice, [new NewMessage("user", "I live in Porto."), new NewMessage("user", "I have a sister called Marta."), new NewMessage("user", "I love green tea.")], IngestionRequest.Plain, CancellationToken.None);
        await _rig.DrainAsync();
    }

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    public async Task What_is_forgotten_while_it_is_made_anew_is_not_brought_back()
    {
        MemoryDb db = _rig.Worker<MemoryDb>();
        LaneState state = await Shadow.StateOfAsync(db, Lane, CancellationToken.None);
        Shadow shadow = await Shadow.OpenAsync(db, Lane, CancellationToken.None);
        await _rig.Api<Forgetter>().ForgetAsync(_rig.Principal, MemoryScope.Create(userId: "alice"), new ForgetRequest("Marta", IsEntity: true), null, CancellationToken.None);
        LaneState now = await Shadow.StateOfAsync(db, Lane, CancellationToken.None);
        string left = await ActiveAsync();

        await Assert.ThrowsAsync<ConflictingWriteException>(() => shadow.SwitchAsync(state, isDecidedAnew: true, CancellationToken.None));
        await shadow.DropAsync();

        // Neither a message nor an entry tells of it.
        Assert.Equal((state.AppliedSeq, state.Ordinal), (now.AppliedSeq, now.Ordinal));
        Assert.Equal(left, await ActiveAsync());
        Assert.DoesNotContain("Marta", left, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_killed_rebuild_left_is_dropped_once_it_is_old()
    {
        MemoryDb db = _rig.Worker<MemoryDb>();
        Shadow killed = await Shadow.OpenAsync(db, Lane, CancellationToken.None);
        await _rig.Database.ExecuteAsync(
            "insert into entities (project_id, owner_kind, owner_id, id, kind, name, name_key) select project_id, owner_kind, $1, id, kind, name, name_key from entities", killed.Lane.Owner.Id);
        string before = await ActiveAsync();

        await _rig.Worker<Rebuild>().DropAbandonedAsync(DateTimeOffset.UtcNow.AddDays(-1), CancellationToken.None);
        Assert.Equal(2L, await _rig.Database.ScalarAsync<long>("select count(*) from lanes"));

        await _rig.Worker<Rebuild>().DropAbandonedAsync(DateTimeOffset.UtcNow.AddMinutes(1), CancellationToken.None);
        Assert.Equal(1L, await _rig.Database.ScalarAsync<long>("select count(*) from lanes"));
        Assert.Equal(0L, await _rig.Database.ScalarAsync<long>("select count(*) from entities where owner_id like 'rebuild:%'"));
        Assert.Equal(before, await ActiveAsync());
    }

    [Fact]
    public async Task What_was_killed_between_two_batches_is_tidied_by_nobody_and_dropped_as_well()
    {
        MemoryDb db = _rig.Worker<MemoryDb>();
        Shadow killed = await Shadow.OpenAsync(db, Lane, CancellationToken.None);
        LaneLease lease = await killed.ExpectAsync(1, 1, CancellationToken.None);
        await db.QueryAsync(Lane.Project, LaneFence.AdvanceTo(lease, 1, null), CancellationToken.None);
        await db.QueryAsync(Lane.Project, LaneFence.TendAfter(killed.Lane, TimeSpan.Zero), CancellationToken.None);
        await _rig.Database.ExecuteAsync("update lanes set tend_at = null where owner_id = 'alice'");

        Assert.Null(await _rig.Worker<LaneStore>().ClaimIdleAsync(CancellationToken.None));
        await _rig.Worker<Rebuild>().DropAbandonedAsync(DateTimeOffset.UtcNow.AddMinutes(1), CancellationToken.None);

        Assert.Equal("alice", await _rig.Database.ScalarAsync<string>("select string_agg(owner_id, ' ') from lanes"));
    }

    private async Task<string> ActiveAsync() => string.Join('\n', await _rig.Database.ListAsync(
        "select content from memories where status = 'active' order by content", row => row.GetString(0)));
}
