using Memory.Testing.Faults;

namespace WritePath.Tests;

/// <summary>A hint only makes it sooner: looking for itself is what a worker is relied on for.</summary>
[Collection(nameof(BrokenProcesses))]
public sealed class HintTests(StandingSystem standing)
{
    // It would never be found; how soon it is, nothing here depends on.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private FaultRig Rig => standing.Rig;

    [Fact]
    public Task A_worker_that_hears_no_hint_finds_every_message_all_the_same() => Rig.RunAsync("no-hints", async () =>
    {
        var talk = new Conversation("deaf");
        await standing.AloneAsync(async () =>
        {
            await using RigProcess deaf = await Rig.StartWorkerAsync(new Dictionary<string, string?>
            {
                ["ConnectionStrings:redis"] = "127.0.0.1:1,connectTimeout=100",
                ["Memory:Ingestion:Writers"] = "1",
            });

            // Each comes after it has dealt with the one before, and has nothing to do.
            for (var number = 1; number <= 3; number++)
            {
                await standing.SayAsync(talk, number);
                await new Invariants(Rig.Database, Rig.History, [talk.User]).SettleAsync(s_patience);
            }
        });

        await standing.ProveAsync(talk.User);
    });
}
