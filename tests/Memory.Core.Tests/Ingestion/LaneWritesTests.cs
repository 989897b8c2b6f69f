using Memory.Core.Episodic;
using Memory.Core.History;
using Memory.Core.Ingestion;
using Memory.Core.Lanes;
using Memory.Core.LongTerm;
using Memory.Core.Storage;
using Memory.Core.Tests.LongTerm;
using Memory.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Memory.Core.Tests.Ingestion;

/// <summary>What every direct write does, whatever it writes.</summary>
public sealed class LaneWritesTests : IAsyncLifetime
{
    private CoreRig _rig = null!;

    public async Task InitializeAsync() => _rig = await CoreRig.StartAsync();

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task What_is_written_directly_is_dated_by_the_database_as_messages_are(int hours)
    {
        await using var wrong = new EngineHost(
            _rig.Database.Api, (await TestServers.SharedAsync()).Redis,
            services => services.AddSingleton<TimeProvider>(new ManualTime(DateTimeOffset.UtcNow.AddHours(hours))));
        MemoryScope alice = MemoryScope.Create(userId: "alice");

        (_, IReadOnlyList<OperationResult> added) = await wrong.Get<DirectWriter>().AddAsync(
            _rig.Principal, alice, [new NewMessage("user", "User likes tea")], IngestionRequest.Plain, CancellationToken.None);
        MemoryRecord changed = await wrong.Get<DirectWriter>().UpdateAsync(
            _rig.Principal, new MemoryId(added[0].Memory!.Value), new MemoryChange("User likes green tea"), null, CancellationToken.None);

        DateTimeOffset now = await _rig.Database.ScalarAsync<DateTime>("select clock_timestamp()");
        Assert.InRange(changed.CreatedAt, now.AddMinutes(-30), now);
        Assert.InRange(changed.UpdatedAt, changed.CreatedAt, now);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Whoever_says_again_or_judges_what_is_deleted_at_the_same_time_is_told_so(bool isJudged)
    {
        var written = new HandWritten(_rig, "ana");
        MemoryId id = await written.AddAsync(HandWritten.Fact("User likes tea"));
        Task write = Task.CompletedTask;
        await _rig.Api<MemoryDb>().TransactionAsync(
            _rig.Principal.Project,
            async transaction =>
            {
                await transaction.ExecuteAsync([LaneStore.LockFor(written.Lane)], CancellationToken.None);
                write = isJudged
                    ? _rig.Api<Judging>().JudgeAsync(_rig.Principal, id, FeedbackVerdict.Confirms, "their own words", null, CancellationToken.None)
                    : _rig.Api<DirectWriter>().AddAsync(_rig.Principal, written.Scope, [new NewMessage("user", "User likes tea")], IngestionRequest.Plain, CancellationToken.None);
                await _rig.Database.UntilAsync(TestDatabase.Waiting());
                await transaction.ExecuteAsync([Sql.Command("delete from memories where id = $1", id.Value)], CancellationToken.None);
            },
            CancellationToken.None);

        await Assert.ThrowsAsync<ConflictingWriteException>(() => write);
        Assert.Equal(1L, await _rig.Database.ScalarAsync<long>("select count(*) from events"));
        Assert.Empty(await StoredWords.FindAsync(_rig.Database, "their own words"));
    }

    [Fact]
    public async Task Whoever_changes_what_is_forgotten_at_the_same_time_is_told_so()
    {
        var written = new HandWritten(_rig, "ana");
        MemoryId id = await written.AddAsync(HandWritten.Fact("User likes tea"));
        var wanted = new Wanted(_rig.Principal, "UPDATE", IngestionRequest.Plain, Key: null, Hash: []);

        var refused = await Assert.ThrowsAsync<ConflictingWriteException>(() => _rig.Api<LaneWrites>().WriteAsync(
            wanted,
            async _ =>
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
