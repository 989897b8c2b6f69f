using Memory.Core.Episodic;
using Memory.Core.Ingestion;
using Memory.Core.LongTerm;
using Memory.Core.Tests.LongTerm;
using Memory.Testing;

namespace Memory.Core.Tests.Ingestion;

/// <summary>What a direct write does about what happens between its plan and its transaction.</summary>
public sealed class LaneWritesTests : IAsyncLifetime
{
    private CoreRig _rig = null!;

    public async Task InitializeAsync() => _rig = await CoreRig.StartAsync();

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    public async Task Whoever_changes_what_is_forgotten_at_the_same_time_is_told_so()
    {
        var written = new HandWritten(_rig, "ana");
        MemoryId id = await written.AddAsync(HandWritten.Fact("User likes tea"));
        var wanted = new Wanted(_rig.Principal, "UPDATE", IngestionRequest.Plain, Key: null, Hash: []);

        var refused = await Assert.ThrowsAsync<ConflictingWriteException>(() => _rig.Api<LaneWrites>().WriteAsync(
            wanted,
            async () =>
            {
                MemoryRecord target = await written.ReadAsync(id);
                await _rig.Database.ExecuteAsync("delete from memories where id = $1", id.Value);
                return new DirectPlan(written.Lane, [new MemoryOperation.Update(target, HandWritten.Fact("User likes coffee"), "asked for")]);
            },
            CancellationToken.None));

        Assert.Contains("forgotten", refused.Message, StringComparison.Ordinal);
        Assert.Equal(0L, await _rig.Database.ScalarAsync<long>("select count(*) from memories"));
    }
}
