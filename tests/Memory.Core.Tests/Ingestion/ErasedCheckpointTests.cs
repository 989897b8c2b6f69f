using Memory.Core.Ingestion;
using Memory.Core.Lanes;
using Memory.Testing;
using Memory.Testing.Models;

namespace Memory.Core.Tests.Ingestion;

/// <summary>What a model was paid for goes with the words it was asked about.</summary>
public sealed class ErasedCheckpointTests : IAsyncLifetime
{
    private readonly FaultyEngine _engine = new FaultyOpenAi();

    private CoreRig Rig => _engine.Rig;

    public Task InitializeAsync() => _engine.InitializeAsync();

    public Task DisposeAsync() => _engine.DisposeAsync();

    [Fact]
    public async Task What_is_erased_while_its_answer_comes_is_not_kept_for_the_next_worker()
    {
        var asked = new TaskCompletionSource();
        var answer = new TaskCompletionSource();
        _engine.Models.Script = call =>
        {
            if (call.Schema != "remember_facts")
                return OracleModel.Answer(call);
            asked.TrySetResult();
            return new ModelReply.Gated(answer.Task.WaitAsync, OracleModel.Answer(call));
        };
        await _engine.SayAsync("alice", "Remember this: FACT color=blue.");
        Task<int> applying = Rig.ApplyAsync((await Rig.Worker<LaneStore>().ClaimAsync(CancellationToken.None))!);
        await asked.Task;
        await using HeldAudit held = await HeldAudit.HoldAsync(Rig.Database, "forget");
        Task clearing = Rig.Api<Clearing>().ClearAsync(Rig.Principal, MemoryScope.Create(userId: "alice"), null, CancellationToken.None);
        await held.UntilReachedAsync();

        // The batch is called off and what it has saved is deleted, but not yet for others to see.
        answer.SetResult();
        await Rig.Database.UntilAsync($"select exists (select from plans) or ({TestDatabase.Waiting(2)})");
        await held.ReleaseAsync();
        await clearing;

        await Assert.ThrowsAsync<LeaseLostException>(() => applying);
        await Rig.DrainAsync();
        Assert.Empty(await _engine.MemoriesAsync("alice"));
        Assert.Empty(await StoredWords.FindAsync(Rig.Database, "blue"));
    }
}
