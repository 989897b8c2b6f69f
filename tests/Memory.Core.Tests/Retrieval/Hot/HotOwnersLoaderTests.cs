using Memory.Core.Lanes;
using Memory.Core.LongTerm;
using Memory.Core.Retrieval.Hot;
using Memory.Core.Storage;
using Memory.Core.Tests.LongTerm;
using Memory.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Memory.Core.Tests.Retrieval.Hot;

public sealed class HotOwnersLoaderTests : IAsyncLifetime
{
    private readonly ManualTime _time = new(DateTimeOffset.UtcNow);
    private CoreRig _rig = null!;
    private HandWritten _alice = null!;
    private HandWritten _bob = null!;

    public async Task InitializeAsync()
    {
        _rig = await CoreRig.StartAsync();
        (_alice, _bob) = (new HandWritten(_rig, "alice"), new HandWritten(_rig, "bob"));
        await _alice.AddAsync(HandWritten.Fact("User lives in Leeds"));
        await _bob.AddAsync(HandWritten.Fact("User lives in Porto"));
    }

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    public async Task Whom_it_cannot_read_ends_nothing_and_the_next_one_is_read()
    {
        HotOwners owners = Owners(new HotOwnersOptions());
        await MakeUnreadableAsync(_alice.Lane);
        Exception? cause = await Xunit.Record.ExceptionAsync(() => owners.LoadAsync(_alice.Lane, CancellationToken.None));
        Assert.False(cause is null or StorageUnavailableException or NpgsqlException or OperationCanceledException);
        using var loader = new HotOwnersLoader(owners, _time, NullLogger<HotOwnersLoader>.Instance);
        await loader.StartAsync(CancellationToken.None);

        Ask(owners, _alice.Lane, version: 1);
        Ask(owners, _bob.Lane, version: 1);
        await UntilAsync(() => owners.Bytes > 0, TimeSpan.FromSeconds(1));

        Assert.NotNull(await owners.FindAsync(_bob.Lane, CancellationToken.None));
        Assert.False(loader.ExecuteTask!.IsCompleted);
        await loader.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Whom_nobody_asks_any_more_is_let_go_of()
    {
        HotOwners owners = Owners(new HotOwnersOptions { IdleMinutes = 30 });
        using var loader = new HotOwnersLoader(owners, _time, NullLogger<HotOwnersLoader>.Instance);
        await loader.StartAsync(CancellationToken.None);
        await owners.LoadAsync(_alice.Lane, CancellationToken.None);
        await owners.LoadAsync(_bob.Lane, CancellationToken.None);
        long both = owners.Bytes;

        _time.Advance(TimeSpan.FromMinutes(29));
        await owners.FindAsync(_bob.Lane, CancellationToken.None);
        _time.Advance(TimeSpan.FromMinutes(2));
        await UntilAsync(() => owners.Bytes < both, TimeSpan.FromSeconds(1));
        Assert.Null(await owners.FindAsync(_alice.Lane, CancellationToken.None));
        Assert.NotNull(await owners.FindAsync(_bob.Lane, CancellationToken.None));

        await UntilAsync(() => owners.Bytes == 0, TimeSpan.FromMinutes(1));
        await loader.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Whose_vectors_alone_find_no_room_is_not_even_read()
    {
        int most = 1_048_576 / 2 / _rig.Api<VectorSpace>().Dimensions;
        var memories = new SearchedMemories(_rig, "large", new Random(1));
        await memories.AddAsync(Enumerable.Range(0, most + 1).Select(_ => memories.Dense()));
        await MakeUnreadableAsync(memories.Lane);

        Assert.False(await Owners(new HotOwnersOptions { Megabytes = 1 }).LoadAsync(memories.Lane, CancellationToken.None));
        await Assert.ThrowsAnyAsync<Exception>(() => Owners(new HotOwnersOptions { Megabytes = 2 }).LoadAsync(memories.Lane, CancellationToken.None));
    }

    [Fact]
    public async Task Who_was_refused_stays_so_for_minutes_whatever_is_written()
    {
        HotOwners owners = Owners(new HotOwnersOptions { MostMemories = 1, RefusedMinutes = 10 });
        await _alice.AddAsync(HandWritten.Fact("User likes tea"));
        Ask(owners, _alice.Lane, version: 1);
        await owners.LoadNextAsync(CancellationToken.None);
        Assert.Equal(0, owners.Bytes);
        await _rig.Database.ExecuteAsync("update memories set status = 'closed' where content = 'User likes tea'");

        _time.Advance(TimeSpan.FromMinutes(9));
        Ask(owners, _alice.Lane, version: 2);
        Ask(owners, _bob.Lane, version: 1);
        await owners.LoadNextAsync(CancellationToken.None);
        Assert.NotNull(await owners.FindAsync(_bob.Lane, CancellationToken.None));

        _time.Advance(TimeSpan.FromMinutes(1));
        Ask(owners, _alice.Lane, version: 2);
        await owners.LoadNextAsync(CancellationToken.None);
        Assert.NotNull(await owners.FindAsync(_alice.Lane, CancellationToken.None));
    }

    [Fact]
    public void Who_was_read_rests_before_it_is_read_again()
    {
        var asked = new AskedOwners(2, _time);
        asked.Note(_alice.Lane, 1);
        asked.Note(_alice.Lane, 1);
        Assert.True(asked.Waiting.TryRead(out Lane read));
        asked.Rest(read, TimeSpan.FromSeconds(5));

        for (var i = 0; i < 5; i++)
            asked.Note(_alice.Lane, 2);
        Assert.Equal(0, asked.Waiting.Count);

        _time.Advance(TimeSpan.FromSeconds(5));
        asked.Note(_alice.Lane, 2);
        asked.Note(_alice.Lane, 2);
        Assert.Equal(1, asked.Waiting.Count);
    }

    private HotOwners Owners(HotOwnersOptions options) => new(_rig.Api<MemoryDb>(), _rig.Api<VectorSpace>(), Options.Create(options), _time);

    private static void Ask(HotOwners owners, Lane lane, long version)
    {
        owners.Asked(lane, version);
        owners.Asked(lane, version);
    }

    // A moment that Postgres has and no clock of this process.
    private Task MakeUnreadableAsync(Lane lane) => _rig.Database.ExecuteAsync(
        "insert into memory_use (project_id, owner_kind, owner_id, memory_id, recalls, last_at) select project_id, owner_kind, owner_id, id, 1, '200000-01-01' from memories where owner_id = $1 limit 1",
        lane.Owner.Id);

    private async Task UntilAsync(Func<bool> isSo, TimeSpan step)
    {
        DateTimeOffset end = DateTimeOffset.UtcNow.AddMinutes(1);
        while (!isSo())
        {
            Assert.True(DateTimeOffset.UtcNow < end, "It did not come about within a minute.");
            _time.Advance(step);
            await Task.Delay(20);
        }
    }
}
