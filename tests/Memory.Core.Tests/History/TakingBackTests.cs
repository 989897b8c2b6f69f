using Memory.Core.Episodic;
using Memory.Core.History;
using Memory.Core.Ingestion;
using Memory.Core.Ingestion.Rebuilding;
using Memory.Core.LongTerm;
using Memory.Core.Tests.LongTerm;
using Memory.Testing;

namespace Memory.Core.Tests.History;

public sealed class TakingBackTests : IAsyncLifetime
{
    private CoreRig _rig = null!;
    private HandWritten _written = null!;

    public async Task InitializeAsync()
    {
        _rig = await CoreRig.StartAsync();
        _written = new HandWritten(_rig, "ana");
    }

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    public async Task A_version_comes_back_with_everything_it_was()
    {
        Fact first = HandWritten.Fact("User explored sourdough", seqs: 3) with
        {
            Kind = MemoryKind.Progress, Attribute = "progress of sourdough", Stage = ProgressStage.Explored, Confidence = 0.7, Importance = 0.9, Trusted = false,
        };
        MemoryId id = await _written.AddAsync(first);
        await _written.ApplyAsync(new MemoryOperation.Update(await _written.ReadAsync(id), HandWritten.Fact("User applied sourdough"), "said"));

        MemoryRecord back = await RollbackAsync(id, 1);

        Assert.Equal(
            (3, true, "User explored sourdough", MemoryKind.Progress, "progress of sourdough", ProgressStage.Explored, false),
            (back.Version, back.IsActive, back.Content, back.Kind, back.Attribute, back.Stage, back.Trusted));
        Assert.Equal((0.7, 0.9), (back.Confidence, back.Importance), (one, other) => Math.Abs(one.Item1 - other.Item1) + Math.Abs(one.Item2 - other.Item2) < 0.001);
        Assert.Equal([3L], back.SourceSeqs);
    }

    [Fact]
    public async Task A_closed_memory_is_active_again_and_was_true_all_along()
    {
        DateTimeOffset said = DateTimeOffset.UtcNow.AddDays(-10);
        MemoryId id = await _written.AddAsync(HandWritten.Fact("User has a dog", said));
        await _written.ApplyAsync(new MemoryOperation.Delete(await _written.ReadAsync(id), HandWritten.Fact("no dog", said.AddDays(3)), "said"));

        await RollbackAsync(id, 1);

        Assert.True((await _written.ReadAsync(id)).IsActive);
        (IReadOnlyList<MemoryRecord> then, _) = await _rig.Api<PastMemories>().ListAsync(
            _rig.Principal, _written.Scope, new MomentInTime(said.AddDays(5), null), 1, 10, CancellationToken.None);
        Assert.Equal("User has a dog", Assert.Single(then).Content);
    }

    [Fact]
    public async Task With_the_words_come_back_the_relations_they_told()
    {
        var leeds = new NamedEntity("Leeds", "place");
        MemoryId id = await _written.AddAsync(HandWritten.Fact("User lives in Leeds") with { Relations = [new NamedRelation("lives_in", leeds)] });
        await _written.ApplyAsync(new MemoryOperation.Update(await _written.ReadAsync(id), HandWritten.Fact("User lives nowhere"), "said"));
        Assert.Equal(0L, await _rig.Database.ScalarAsync<long>("select count(*) from relations where known_to is null"));

        await RollbackAsync(id, 1);

        Assert.Equal(1L, await _rig.Database.ScalarAsync<long>("select count(*) from relations where known_to is null and predicate = 'lives_in'"));
    }

    [Fact]
    public async Task What_another_memory_says_by_now_does_not_come_back()
    {
        MemoryId id = await _written.AddAsync(HandWritten.Fact("User likes tea"));
        await _written.ApplyAsync(new MemoryOperation.Update(await _written.ReadAsync(id), HandWritten.Fact("User likes coffee"), "said"));
        MemoryId other = await _written.AddAsync(HandWritten.Fact("User likes tea"));

        var refused = await Assert.ThrowsAsync<ConflictingWriteException>(() => RollbackAsync(id, 1));

        Assert.Contains(other.ToString(), refused.Message, StringComparison.Ordinal);
        Assert.Equal("User likes coffee", (await _written.ReadAsync(id)).Content);
    }

    [Fact]
    public async Task A_forgotten_version_does_not_come_back()
    {
        MemoryId id = await _written.AddAsync(HandWritten.Fact("User's number is 555"));
        await _written.ApplyAsync(new MemoryOperation.Update(await _written.ReadAsync(id), HandWritten.Fact("User's number is 777"), "said"));
        await _rig.Database.ExecuteAsync("update memory_versions set content = $1, content_hash = null where version = 1", Journal.TombstoneOf(id));

        await Assert.ThrowsAsync<ConflictingWriteException>(() => RollbackAsync(id, 1));
    }

    [Fact]
    public async Task An_event_is_taken_back_whole()
    {
        MemoryId changed = await _written.AddAsync(HandWritten.Fact("User lives in Leeds"));
        MemoryId closed = await _written.AddAsync(HandWritten.Fact("User has a dog"));
        var added = new MemoryId(Guid.CreateVersion7());
        EventId id = await _written.ApplyAsync(
            new MemoryOperation.Update(await _written.ReadAsync(changed), HandWritten.Fact("User lives in Porto"), "said"),
            new MemoryOperation.Delete(await _written.ReadAsync(closed), HandWritten.Fact("no dog"), "said"),
            // Its words are free again only once the dog is closed: taken back in another order, they would collide.
            new MemoryOperation.Add(added, HandWritten.Fact("User has a dog"), "said"));

        (_, IReadOnlyList<OperationResult> results) = await UndoAsync(id);

        Assert.Equal(["DELETE", "UPDATE", "UPDATE"], results.Select(result => result.Operation));
        Assert.Equal("User lives in Leeds", (await _written.ReadAsync(changed)).Content);
        Assert.True((await _written.ReadAsync(closed)).IsActive);
        Assert.False((await _written.ReadAsync(added)).IsActive);
    }

    [Fact]
    public async Task An_undoing_can_be_undone()
    {
        MemoryId id = await _written.AddAsync(HandWritten.Fact("User lives in Leeds"));
        EventId moved = await _written.ApplyAsync(new MemoryOperation.Update(await _written.ReadAsync(id), HandWritten.Fact("User lives in Porto"), "said"));

        (EventId undone, _) = await UndoAsync(moved);
        await UndoAsync(undone);

        Assert.Equal("User lives in Porto", (await _written.ReadAsync(id)).Content);
    }

    [Fact]
    public async Task What_changed_since_is_named_and_nothing_is_taken_back()
    {
        MemoryId one = await _written.AddAsync(HandWritten.Fact("User lives in Leeds"));
        MemoryId other = await _written.AddAsync(HandWritten.Fact("User works as a nurse"));
        EventId id = await _written.ApplyAsync(
            new MemoryOperation.Update(await _written.ReadAsync(one), HandWritten.Fact("User lives in Porto"), "said"),
            new MemoryOperation.Update(await _written.ReadAsync(other), HandWritten.Fact("User works as a baker"), "said"));
        await _written.ApplyAsync(new MemoryOperation.Update(await _written.ReadAsync(one), HandWritten.Fact("User lives in Rome"), "said"));

        var refused = await Assert.ThrowsAsync<ConflictingWriteException>(() => UndoAsync(id));

        Assert.Contains(one.ToString(), refused.Message, StringComparison.Ordinal);
        Assert.Equal("User works as a baker", (await _written.ReadAsync(other)).Content);
    }

    [Fact]
    public async Task An_event_is_undone_once()
    {
        var id = new MemoryId(Guid.CreateVersion7());
        EventId added = await _written.ApplyAsync(new MemoryOperation.Add(id, HandWritten.Fact("User likes tea"), "said"));
        await UndoAsync(added);

        await Assert.ThrowsAsync<ConflictingWriteException>(() => UndoAsync(added));
    }

    [Fact]
    public async Task What_was_forgotten_since_cannot_be_undone_and_the_answer_says_so()
    {
        var id = new MemoryId(Guid.CreateVersion7());
        EventId added = await _written.ApplyAsync(new MemoryOperation.Add(id, HandWritten.Fact("User's number is 555"), "said"));
        await _rig.Database.ExecuteAsync("delete from memories where id = $1", id.Value);

        var refused = await Assert.ThrowsAsync<ConflictingWriteException>(() => UndoAsync(added));

        Assert.Contains("forgotten", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_contradiction_that_is_taken_back_leaves_both_as_sure_as_they_were()
    {
        (MemoryId a, MemoryId b, EventId id) = await _written.ContradictAsync(
            HandWritten.Fact("User was born on 3 May"), HandWritten.Fact("User was born on 4 May"));
        Assert.True((await _written.ReadAsync(a)).Confidence < 0.8);

        await UndoAsync(id);

        Assert.Equal(0.8, (await _written.ReadAsync(a)).Confidence, 0.001);
        Assert.False((await _written.ReadAsync(b)).IsActive);
        Assert.Empty(await _rig.Api<ConflictLog>().OpenAsync(_written.Lane, 10, CancellationToken.None));
    }

    [Theory]
    [InlineData(ConflictResolution.KeepA)]
    [InlineData(ConflictResolution.BothTrue)]
    public async Task A_settling_that_is_taken_back_leaves_the_contradiction_open_again(string resolution)
    {
        (MemoryId a, MemoryId b, _) = await _written.ContradictAsync(
            HandWritten.Fact("User was born on 3 May"), HandWritten.Fact("User was born on 4 May"));
        MemoryConflict open = Assert.Single(await _rig.Api<ConflictLog>().OpenAsync(_written.Lane, 10, CancellationToken.None));
        EventId settled = await _rig.Api<ConflictSettler>().ResolveAsync(_rig.Principal, open.Id, resolution, null, CancellationToken.None);
        Assert.Empty(await _rig.Api<ConflictLog>().OpenAsync(_written.Lane, 10, CancellationToken.None));

        await UndoAsync(settled);

        Assert.True((await _written.ReadAsync(a)).IsActive && (await _written.ReadAsync(b)).IsActive);
        Assert.Equal(open.Id, Assert.Single(await _rig.Api<ConflictLog>().OpenAsync(_written.Lane, 10, CancellationToken.None)).Id);
    }

    [Fact]
    public async Task Everything_taken_back_is_audited_and_journaled()
    {
        MemoryId id = await _written.AddAsync(HandWritten.Fact("User likes tea"));
        await _written.ApplyAsync(new MemoryOperation.Update(await _written.ReadAsync(id), HandWritten.Fact("User likes coffee"), "said"));

        await RollbackAsync(id, 1);

        Assert.Equal(1L, await _rig.Database.ScalarAsync<long>("select count(*) from audit where action = 'memory UPDATE' and actor like 'key:%'"));
        Assert.Equal(1L, await _rig.Database.ScalarAsync<long>("select count(*) from journal where actor like 'key:%'"));
    }

    [Fact]
    public async Task A_rebuild_carries_out_what_was_taken_back_and_settled_too()
    {
        MemoryId id = await _written.AddAsync(HandWritten.Fact("User likes tea"));
        EventId changed = await _written.ApplyAsync(new MemoryOperation.Update(await _written.ReadAsync(id), HandWritten.Fact("User likes coffee"), "said"));
        await RollbackAsync(id, 1);
        (_, _, EventId withdrawn) = await _written.ContradictAsync(HandWritten.Fact("User was born on 3 May"), HandWritten.Fact("User was born on 4 May"));
        await UndoAsync(withdrawn);
        await _written.ContradictAsync(HandWritten.Fact("The wedding is on Saturday"), HandWritten.Fact("The wedding is on Sunday"));
        MemoryConflict open = Assert.Single(await _rig.Api<ConflictLog>().OpenAsync(_written.Lane, 10, CancellationToken.None));
        EventId settled = await _rig.Api<ConflictSettler>().ResolveAsync(_rig.Principal, open.Id, ConflictResolution.KeepB, null, CancellationToken.None);
        await UndoAsync(settled);
        await _rig.Api<ConflictSettler>().ResolveAsync(_rig.Principal, open.Id, ConflictResolution.BothTrue, null, CancellationToken.None);
        await Assert.ThrowsAsync<ConflictingWriteException>(() => UndoAsync(changed));

        RebuildReport report = await _rig.Worker<Rebuild>().RunAsync(_written.Lane, anew: false, apply: false, CancellationToken.None);

        Assert.Empty(report.Difference);
        Assert.True(report.Memories >= 4);
    }

    private Task<MemoryRecord> RollbackAsync(MemoryId id, int version) =>
        _rig.Api<TakingBack>().RollbackAsync(_rig.Principal, id, version, null, CancellationToken.None);

    private Task<(EventId Event, IReadOnlyList<OperationResult> Results)> UndoAsync(EventId id) =>
        _rig.Api<TakingBack>().UndoAsync(_rig.Principal, id, null, CancellationToken.None);
}
