using Memory.Testing;
using Memory.Testing.Faults;

namespace WritePath.Tests;

/// <summary>
/// A process is killed with SIGKILL at each point of the write path: another one goes on, and nothing is lost, nothing is
/// there twice, everything is in order.
/// </summary>
[Collection(nameof(BrokenProcesses))]
public sealed class KillTests(StandingSystem standing, ITestOutputHelper output)
{
    private const int Killed = 128 + (int)ProcessSignal.Kill;

    private static readonly Dictionary<string, string?> s_smallBatches = new()
    {
        ["Memory:Ingestion:BatchMessages"] = "5",
        ["Memory:Ingestion:Writers"] = "2",
    };

    private FaultRig Rig => standing.Rig;

    public static TheoryData<string, int> Appending => Seeds("append.before-commit", "append.committed");

    public static TheoryData<string, int> Working => Seeds(
        "lane.claimed", "model.in-flight", "answer.unsaved", "plan.saved", "apply.middle", "apply.before-commit", "apply.committed", "heartbeat", "dead-letter");

    [Theory]
    [MemberData(nameof(Appending))]
    public Task An_api_is_killed_and_the_client_asks_another_one(string point, int seed) => Rig.RunAsync($"kill-{point}-{seed}", async () =>
    {
        var one = new KillCase(point, seed);
        output.WriteLine($"{point}@{one.At}: seed {one.Seed}");
        await using RigProcess victim = await Rig.StartApiAsync($"{point}=kill@{one.At}");

        await one.SayAsync(Rig.Client, [victim.Address, standing.Api.Address], ..);

        Assert.Equal(Killed, await victim.Process.ExitAsync());
        Assert.Equal([point], victim.Fired);
        Assert.Contains(Rig.History.Lines, line => line.Outcome == Outcome.Unknown && one.Users.Contains(line.Owner));
        await standing.ProveAsync(one.Users);
        await Bounds.AssertCallsAsync(Rig, one.Users, faults: 0);
    });

    [Theory]
    [MemberData(nameof(Working))]
    public Task A_worker_is_killed_and_another_one_goes_on(string point, int seed) => Rig.RunAsync($"kill-{point}-{seed}", async () =>
    {
        var one = new KillCase(point, seed, point switch { "heartbeat" => RigModels.Slow, "dead-letter" => RigModels.Poison, _ => null });
        output.WriteLine($"{point}@{one.At}: seed {one.Seed}");
        await standing.AloneAsync(async () =>
        {
            await one.SayAsync(Rig.Client, [standing.Api.Address], ..2);
            await using RigProcess victim = Rig.StartWorker($"{point}=kill@{one.At}", s_smallBatches);
            await one.SayAsync(Rig.Client, [standing.Api.Address], 2..);

            Assert.Equal(Killed, await victim.Process.ExitAsync());
            Assert.Equal([point], victim.Fired);
        });

        await standing.ProveAsync(one.Users);
        if (point != "dead-letter")
            await Bounds.AssertCallsAsync(Rig, one.Users, faults: 2);
        if (point is "plan.saved" or "apply.middle" or "apply.before-commit" or "apply.committed")
            AssertPaidOnce(one);
    });

    // What was saved is not asked for again, by whomever.
    private void AssertPaidOnce(KillCase one) => Assert.All(
        Rig.History.Writes.Where(write => one.Users.Contains(write.Owner)).SelectMany(write => write.Texts),
        text => Assert.Single(Rig.Models.Calls, call => call.Schema == "remember_facts" && RigModels.Says(call, text)));

    private static TheoryData<string, int> Seeds(params string[] points)
    {
        var cases = new TheoryData<string, int>();
        foreach (string point in points)
        {
            for (var seed = 1; seed <= 3; seed++)
                cases.Add(point, seed);
        }

        return cases;
    }
}
