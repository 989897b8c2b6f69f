using Memory.Core.Episodic;
using Memory.Core.History;
using Memory.Core.Ingestion;
using Memory.Core.Ingestion.Rebuilding;
using Memory.Core.Lanes;
using Memory.Core.LongTerm;
using Memory.Core.Privacy;
using Memory.Core.Tests.LongTerm;
using Memory.Testing;

namespace Memory.Core.Tests.Ingestion;

/// <summary>Memory can be made anew from what was kept, and is the same.</summary>
public sealed class RebuildTests : IAsyncLifetime
{
    private static readonly MemoryScope s_alice = MemoryScope.Create(userId: "alice", runId: "talk");

    private CoreRig _rig = null!;

    private Lane Lane => new(_rig.Principal.Project, s_alice.Owner);

    public async Task InitializeAsync()
    {
        _rig = await CoreRig.StartAsync();
        foreach (string text in (string[])["I live in Porto. I work as a nurse.", "I have a sister called Marta.", "I moved to Braga last month.", "I live in Braga.", "My birthday is on 3 May.", "I love green tea.", "I work as a nurse."])
            await SayAsync(text);
    }

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    public async Task Carried_out_once_more_it_is_the_same_memory_to_the_bit()
    {
        await WriteDirectlyAsync();

        RebuildReport report = await RebuildAsync(anew: false);

        Assert.Empty(report.Difference);
        Assert.True(report.Memories > 4);
    }

    [Fact]
    public async Task A_memory_that_was_damaged_is_told_apart_and_mended()
    {
        string before = await ActiveAsync();
        await _rig.Database.ExecuteAsync("update memories set content = 'User lives in Atlantis' where attribute = 'home'");
        await _rig.Database.ExecuteAsync("delete from memories where content like '%green tea%'");

        RebuildReport report = await RebuildAsync(anew: false, apply: true);

        Assert.Contains("- active profile: User lives in Atlantis", report.Difference);
        Assert.Contains(report.Difference, line => line.StartsWith('+') && line.Contains("green tea", StringComparison.Ordinal));
        Assert.Equal(before, await ActiveAsync());
        Assert.Empty((await RebuildAsync(anew: false)).Difference);
    }

    [Fact]
    public async Task Decided_anew_by_the_same_rules_it_says_the_same()
    {
        RebuildReport report = await RebuildAsync(anew: true, apply: true);

        Assert.Empty(report.Difference);
        Assert.Empty((await RebuildAsync(anew: false)).Difference);
        await SayAsync("I am allergic to peanuts.");
        Assert.Contains("peanuts", await ActiveAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task How_often_a_memory_was_recalled_stays_where_it_has_the_same_id(bool anew)
    {
        await WriteDirectlyAsync();
        await _rig.Database.ExecuteAsync(
            "insert into memory_use (project_id, owner_kind, owner_id, memory_id, recalls, last_at) select project_id, owner_kind, owner_id, id, 7, '2026-01-01' from memories");
        List<Guid> before = await _rig.Database.ListAsync("select id from memories order by id", row => row.GetGuid(0));

        await RebuildAsync(anew, apply: true);

        List<Guid> stayed = await _rig.Database.ListAsync("select id from memories order by id", row => row.GetGuid(0));
        List<Guid> used = await _rig.Database.ListAsync("select memory_id from memory_use where owner_id = 'alice' and recalls = 7 and last_at = '2026-01-01' order by memory_id", row => row.GetGuid(0));
        Assert.NotEmpty(used);
        Assert.Equal(before.Intersect(stayed), used);
        Assert.Equal(used.Count, await _rig.Database.ScalarAsync<long>("select count(*) from memory_use"));
    }

    [Fact]
    public async Task Without_being_asked_to_nothing_is_switched_and_nothing_is_left_behind()
    {
        await _rig.Database.ExecuteAsync("update memories set content = 'User lives in Atlantis' where attribute = 'home'");

        RebuildReport report = await RebuildAsync(anew: true);

        Assert.NotEmpty(report.Difference);
        Assert.False(report.Switched);
        Assert.Contains("Atlantis", await ActiveAsync(), StringComparison.Ordinal);
        Assert.Equal(1L, await _rig.Database.ScalarAsync<long>("select count(*) from lanes"));
    }

    [Fact]
    public async Task Direct_writes_are_carried_over_when_it_is_decided_anew()
    {
        await WriteDirectlyAsync();
        string before = await ActiveAsync();

        RebuildReport report = await RebuildAsync(anew: true, apply: true);

        Assert.Contains("User collects stamps of birds", before, StringComparison.Ordinal);
        Assert.DoesNotContain("green tea", before, StringComparison.Ordinal);
        Assert.Equal(before, await ActiveAsync());
        Assert.Equal(0, report.NotCarriedOver);
        Assert.Empty((await RebuildAsync(anew: false)).Difference);
    }

    [Fact]
    public async Task What_was_changed_and_taken_back_of_what_was_distilled_is_so_when_it_is_decided_anew()
    {
        DirectWriter writer = _rig.Api<DirectWriter>();
        (MemoryId tea, MemoryId sister) = (await IdOfAsync("%green tea%"), await IdOfAsync("%Marta%"));
        await writer.UpdateAsync(_rig.Principal, tea, new MemoryChange("User loves white tea"), null, CancellationToken.None);
        await writer.UpdateAsync(_rig.Principal, tea, new MemoryChange("User loves black tea"), null, CancellationToken.None);
        await writer.DeleteAsync(_rig.Principal, sister, null, CancellationToken.None);
        await _rig.Api<TakingBack>().RollbackAsync(_rig.Principal, sister, 1, null, CancellationToken.None);
        await writer.DeleteAsync(_rig.Principal, await IdOfAsync("%birthday%"), null, CancellationToken.None);
        string before = await ActiveAsync();

        RebuildReport report = await RebuildAsync(anew: true, apply: true);

        Assert.Contains("black tea", before, StringComparison.Ordinal);
        Assert.Contains("Marta", before, StringComparison.Ordinal);
        Assert.Equal(before, await ActiveAsync());
        Assert.Equal(0, report.NotCarriedOver);
    }

    [Fact]
    public async Task What_contradicts_no_longer_does_not_when_it_is_decided_anew()
    {
        var written = new HandWritten(_rig, "alice");
        (MemoryId tea, MemoryId birthday) = (await IdOfAsync("%green tea%"), await IdOfAsync("%birthday%"));
        await written.ApplyAsync(new MemoryOperation.Conflict(tea, birthday, HandWritten.Fact("both"), "neither wins"));
        Guid conflict = await _rig.Database.ScalarAsync<Guid>("select id from conflicts");
        await _rig.Api<ConflictSettler>().ResolveAsync(_rig.Principal, conflict, birthday.Value.CompareTo(tea.Value) < 0 ? "keep_a" : "keep_b", null, CancellationToken.None);

        RebuildReport report = await RebuildAsync(anew: true, apply: true);

        Assert.Equal(0, report.NotCarriedOver);
        Assert.DoesNotContain("green tea", await ActiveAsync(), StringComparison.Ordinal);
        Assert.Equal(await IdOfAsync("%birthday%"), new MemoryId(await _rig.Database.ScalarAsync<Guid>("select superseded_by from memories where content like '%green tea%'")));
    }

    [Fact]
    public async Task What_was_written_directly_before_a_journal_was_kept_is_not_lost()
    {
        await WriteDirectlyAsync();
        await _rig.Database.ExecuteAsync("delete from journal where model = 'none'");
        string before = await ActiveAsync();

        var refused = await Assert.ThrowsAsync<ConflictingWriteException>(() => RebuildAsync(anew: true, apply: true));

        Assert.Contains("written directly", refused.Message, StringComparison.Ordinal);
        Assert.Equal(before, await ActiveAsync());
    }

    [Fact]
    public async Task What_was_learned_before_a_journal_was_kept_is_not_carried_out_by_halves()
    {
        await _rig.Database.ExecuteAsync("delete from journal");
        MemoryId tea = await IdOfAsync("%green tea%");
        await _rig.Api<DirectWriter>().UpdateAsync(_rig.Principal, tea, new MemoryChange("User loves black tea"), null, CancellationToken.None);
        await _rig.Database.ExecuteAsync("delete from memories where id <> $1", tea.Value);

        var refused = await Assert.ThrowsAsync<ConflictingWriteException>(() => RebuildAsync(anew: false));

        Assert.Contains("decided anew", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_ids_of_rebuilds_are_nobody_elses()
    {
        var refused = Assert.Throws<InvalidInputException>(() => MemoryScope.Create(userId: $"rebuild:{Guid.CreateVersion7():N}"));

        Assert.Equal(("user_id", 400), (refused.Field, refused.Status));
    }

    [Fact]
    public async Task An_owner_that_nothing_is_known_of_is_said_to_be_unknown() =>
        await Assert.ThrowsAsync<NotFoundException>(() => _rig.Worker<Rebuild>().RunAsync(
            new Lane(_rig.Principal.Project, new Owner(OwnerKind.User, "nobody")), false, false, CancellationToken.None));

    // A memory added and changed, one that was learned deleted.
    private async Task WriteDirectlyAsync()
    {
        DirectWriter writer = _rig.Api<DirectWriter>();
        IReadOnlyList<OperationResult> added = (await writer.AddAsync(
            _rig.Principal, s_alice, [new NewMessage("user", "User collects stamps")], IngestionRequest.Plain, CancellationToken.None)).Results;
        await writer.UpdateAsync(_rig.Principal, new MemoryId(added[0].Memory!.Value), new MemoryChange("User collects stamps of birds"), null, CancellationToken.None);
        Guid tea = await _rig.Database.ScalarAsync<Guid>("select id from memories where content like '%green tea%'");
        await writer.DeleteAsync(_rig.Principal, new MemoryId(tea), null, CancellationToken.None);
    }

    private async Task<MemoryId> IdOfAsync(string like) =>
        new(await _rig.Database.ScalarAsync<Guid>("select id from memories where content like $1 and status = 'active'", like));

    private Task<RebuildReport> RebuildAsync(bool anew, bool apply = false) => _rig.Worker<Rebuild>().RunAsync(Lane, anew, apply, CancellationToken.None);

    private async Task SayAsync(string text)
    {
        await _rig.Api<EpisodeLog>().AppendAsync(_rig.Principal, s_alice, [new NewMessage("user", text)], IngestionRequest.Plain, CancellationToken.None);
        await _rig.DrainAsync();
    }

    private async Task<string> ActiveAsync() => string.Join('\n', await _rig.Database.ListAsync(
        "select content from memories where status = 'active' order by content", row => row.GetString(0)));
}
