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

    private static readonly int s_seeds = LongRun.IsOn ? 10 : 3;

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
        await Bounds.AssertCallsAsync(Rig, one.Users, faults: 0, withShortLeases: true);
    });

    [Theory]
    [MemberData(nameof(Working))]
    public Task A_worker_is_killed_and_another_one_goes_on(string point, int seed) => Rig.RunAsync($"kill-{point}-{seed}", async () =>
    {
        var one = new KillCase(point, seed, point switch { "heartbeat" => RigModels.Slow, "dead-letter" => RigModels.Poison, _ => null });
        output.WriteLine($"{point}@{one.At}: seed {one.Seed}");
        Dictionary<string, int> paid = [];
        await standing.AloneAsync(async () =>
        {
            await one.SayAsync(Rig.Client, [standing.Api.Address], ..2);
            await using RigProcess victim = Rig.StartWorker($"{point}=kill@{one.At}", s_smallBatches);
            await one.SayAsync(Rig.Client, [standing.Api.Address], 2..);

            Assert.Equal(Killed, await victim.Process.ExitAsync());
            Assert.Equal([point], victim.Fired);
            paid = (await SavedAsync(one)).ToDictionary(text => text, Asked);
        });

        await standing.ProveAsync(one.Users);
        if (point != "dead-letter")
            await Bounds.AssertCallsAsync(Rig, one.Users, faults: 2);
        if (point is "plan.saved" or "apply.middle" or "apply.before-commit" or "apply.committed")
            Assert.NotEmpty(paid);
        // What was saved is not asked for again, by whomever.
        Assert.All(paid, text => Assert.Equal((text.Key, text.Value), (text.Key, Asked(text.Key))));
    });

    private int Asked(string text) => Rig.Models.Calls.Count(call => call.Schema == "remember_facts" && RigModels.Says(call, text));

    // What the victim has applied, or left a checkpoint of.
    private Task<List<string>> SavedAsync(KillCase one) => Rig.Database.ListAsync(
        """
        select e.content
          from episodes e
          join lanes l on l.project_id = e.project_id and l.owner_kind = e.owner_kind and l.owner_id = e.owner_id
         where e.owner_kind = 'user' and e.owner_id = any($1)
           and e.seq <= greatest(l.applied_seq, (select max(p.last_seq) from plans p where p.project_id = l.project_id and p.owner_kind = l.owner_kind and p.owner_id = l.owner_id))
        """,
        row => row.GetString(0), (object)one.Users.ToArray());

    private static TheoryData<string, int> Seeds(params string[] points)
    {
        var cases = new TheoryData<string, int>();
        foreach (string point in points)
        {
            for (var seed = 1; seed <= s_seeds; seed++)
                cases.Add(point, seed);
        }

        return cases;
    }
}
