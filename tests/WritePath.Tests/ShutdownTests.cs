using Memory.Testing;
using Memory.Testing.Faults;
using Memory.Testing.Models;

namespace WritePath.Tests;

/// <summary>A worker that is asked to end does so soon, and leaves nothing held.</summary>
[Collection(nameof(BrokenProcesses))]
public sealed class ShutdownTests(StandingSystem standing) : IAsyncLifetime
{
    private static readonly TimeSpan s_soon = TimeSpan.FromSeconds(10);

    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private FaultRig Rig => standing.Rig;

    public Task InitializeAsync()
    {
        Rig.Models.Script = call =>
        {
            if (call.Schema != "remember_facts")
                return RigModels.Answer(call);
            _asked.TrySetResult();
            return new ModelReply.Gated(_gate.Task.WaitAsync, RigModels.Answer(call));
        };
        return Task.CompletedTask;
    }

    public Task DisposeAsync()
    {
        _gate.TrySetResult();
        Rig.Models.Script = RigModels.Answer;
        return Task.CompletedTask;
    }

    [Fact]
    public Task What_waits_for_a_model_that_does_not_answer_is_released() => Rig.RunAsync("terminate-released", async () =>
    {
        var talk = new Conversation("fay");
        await standing.AloneAsync(async () =>
        {
            await using RigProcess ending = await BeginAsync(talk);

            await EndAsync(ending);

            Assert.Equal("3 pending, free, 0 attempts", await LaneAsync(talk));
            Assert.Equal("PENDING 0", await Rig.Database.ScalarAsync<string>("select status || ' ' || attempts from events where owner_id = $1", talk.User));
            _gate.SetResult();
        });

        await standing.ProveAsync(talk.User);
    });

    [Fact]
    public Task What_its_model_answers_in_time_is_finished() => Rig.RunAsync("terminate-finished", async () =>
    {
        var talk = new Conversation("gus");
        await standing.AloneAsync(async () =>
        {
            await using RigProcess ending = await BeginAsync(talk);

            Task ended = EndAsync(ending);
            await ending.Process.UntilAsync("Application is shutting down");
            _gate.SetResult();
            await ended;

            Assert.Equal("0 pending, free, 0 attempts", await LaneAsync(talk));
        });

        await standing.ProveAsync(talk.User);
        await Bounds.AssertCallsAsync(Rig, [talk.User], faults: 0);
    });

    private async Task<RigProcess> BeginAsync(Conversation talk)
    {
        await standing.SayAsync(talk, 1, count: 3);
        // A stall of a busy machine is not to end its lease: another writer would then ask the model, too.
        RigProcess ending = await Rig.StartWorkerAsync(new Dictionary<string, string?> { ["Memory:Lanes:LeaseMilliseconds"] = "60000" });
        await _asked.Task.WaitAsync(s_soon);
        return ending;
    }

    private static async Task EndAsync(RigProcess ending)
    {
        ending.Process.Signal(ProcessSignal.Terminate);

        // After ten seconds its host gives up waiting, and ends with an error.
        Assert.Equal(0, await ending.Process.ExitAsync());
    }

    private Task<string> LaneAsync(Conversation talk) => Rig.Database.ScalarAsync<string>(
        "select pending || ' pending, ' || case when lease_until is null then 'free' else 'leased' end || ', ' || attempts || ' attempts' from lanes where owner_id = $1",
        talk.User);
}
