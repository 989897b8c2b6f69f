using Memory.Core.Episodic;
using Memory.Core.History;
using Memory.Core.Ingestion;
using Memory.Core.LongTerm;
using Memory.Core.Tests.LongTerm;
using Memory.Testing;

namespace Memory.Core.Tests.History;

public sealed class ConflictSettlerTests : IAsyncLifetime
{
    private CoreRig _rig = null!;
    private HandWritten _written = null!;
    private MemoryId _a;
    private MemoryId _b;
    private MemoryConflict _open = null!;

    public async Task InitializeAsync()
    {
        _rig = await CoreRig.StartAsync();
        _written = new HandWritten(_rig, "ana");
        (_a, _b, _) = await _written.ContradictAsync(HandWritten.Fact("User was born on 3 May"), HandWritten.Fact("User was born on 4 May"));
        _open = Assert.Single(await OpenAsync());
    }

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Theory]
    [InlineData(ConflictResolution.KeepA, true)]
    [InlineData(ConflictResolution.KeepB, false)]
    public async Task The_side_that_is_kept_is_surer_and_the_other_was_never_true(string resolution, bool keepsA)
    {
        (MemoryId kept, MemoryId closed) = keepsA ? (_a, _b) : (_b, _a);
        double before = (await _written.ReadAsync(kept)).Confidence;

        await ResolveAsync(resolution);

        Assert.True((await _written.ReadAsync(kept)).Confidence > before);
        Assert.False((await _written.ReadAsync(closed)).IsActive);
        MemoryVersion said = (await _rig.Api<VersionLog>().ReadAsync(_written.Lane, closed, CancellationToken.None))[0];
        Assert.Equal((kept, said.Since), (said.SupersededBy!.Value, said.ValidTo!.Value));
        MemoryConflict settled = (await _rig.Api<ConflictLog>().FindAsync(_rig.Principal.Project, _open.Id, CancellationToken.None))!;
        Assert.Equal((resolution, _rig.Principal.Actor), (settled.Resolution, settled.ResolvedBy));
        Assert.Empty(await OpenAsync());
    }

    [Fact]
    public async Task Both_stay_where_both_are_true_and_contradict_no_longer()
    {
        await ResolveAsync(ConflictResolution.BothTrue);

        Assert.True((await _written.ReadAsync(_a)).IsActive && (await _written.ReadAsync(_b)).IsActive);
        Assert.Empty(await OpenAsync());
    }

    [Fact]
    public async Task What_is_settled_is_settled_once_but_a_repetition_under_the_same_key_is_no_error()
    {
        var key = IdempotencyKey.Create("settle-1");
        EventId first = await ResolveAsync(ConflictResolution.BothTrue, key);

        Assert.Equal(first, await ResolveAsync(ConflictResolution.BothTrue, key));
        await Assert.ThrowsAsync<ConflictingWriteException>(() => ResolveAsync(ConflictResolution.BothTrue));
        await Assert.ThrowsAsync<ConflictingWriteException>(() => ResolveAsync(ConflictResolution.KeepA));
    }

    [Fact]
    public async Task Of_many_who_settle_at_once_one_does()
    {
        string[] resolutions = [.. Enumerable.Range(0, 9).Select(number => ConflictResolution.All[number % 3])];

        bool[] done = await Task.WhenAll(resolutions.Select(async resolution =>
        {
            try
            {
                await ResolveAsync(resolution);
                return true;
            }
            catch (ConflictingWriteException)
            {
                return false;
            }
        }));

        Assert.Single(done, settled => settled);
        Assert.Equal(1L, await _rig.Database.ScalarAsync<long>("select count(*) from events where kind = 'RESOLVE'"));
    }

    [Fact]
    public async Task An_unknown_resolution_is_refused() =>
        await Assert.ThrowsAsync<InvalidInputException>(() => ResolveAsync("keep_c"));

    private Task<EventId> ResolveAsync(string resolution, IdempotencyKey? key = null) =>
        _rig.Api<ConflictSettler>().ResolveAsync(_rig.Principal, _open.Id, resolution, key, CancellationToken.None);

    private Task<List<MemoryConflict>> OpenAsync() => _rig.Api<ConflictLog>().OpenAsync(_written.Lane, 10, CancellationToken.None);
}
