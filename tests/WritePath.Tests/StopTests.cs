using Memory.Testing;
using Memory.Testing.Faults;
using Memory.Testing.Models;

namespace WritePath.Tests;

/// <summary>
/// A worker that is stopped for longer than two leases while it holds a batch, and then goes on as if nothing had
/// happened: another one has its lane, and what it tries is refused.
/// </summary>
[Collection(nameof(BrokenProcesses))]
public sealed class StopTests(StandingSystem standing)
{
    // A gate that is open: the point is noted and nothing else.
    private const string Noted = "gate:/dev/null";

    private const string Discarded = "what was planned is discarded";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private static readonly Dictionary<string, string?> s_longLease = new()
    {
        ["Memory:Ingestion:Writers"] = "1",
        ["Memory:Lanes:LeaseMilliseconds"] = "60000",
    };

    private FaultRig Rig => standing.Rig;

    [Theory]
    [InlineData("model.in-flight")]
    [InlineData("answer.unsaved")]
    public Task A_stale_worker_between_two_steps_commits_nothing(string point) => StopAsync(point, async (victim, talk) =>
    {
        long epoch = await EpochAsync(talk);
        victim.Process.Signal(ProcessSignal.Continue);

        // It tries to renew its lease, or to save, and learns that it has lost. What it tried may have been under way already.
        await victim.Process.UntilAsync(Discarded);
        Assert.Contains(victim.Fired, tried => tried is "heartbeat" or "answer.unsaved");
        Assert.DoesNotContain("apply.middle", victim.Fired);
        Assert.Equal(epoch, await EpochAsync(talk));
    });

    [Theory]
    [InlineData("apply.middle")]
    [InlineData("apply.before-commit")]
    public Task A_stale_worker_inside_its_transaction_commits_nothing(string point) => StopAsync(point, async (victim, talk) =>
    {
        long epoch = await EpochAsync(talk);
        victim.Process.Signal(ProcessSignal.Continue);

        // Its next step is the commit, or what comes right before it, on a connection that is no more.
        await victim.Process.UntilAsync(Discarded, "The database went away");
        Assert.DoesNotContain("apply.committed", victim.Fired);
        Assert.Equal(epoch, await EpochAsync(talk));
    });

    [Fact]
    public Task A_stale_worker_commits_nothing_while_another_one_has_its_lane_and_has_written_nothing_yet() => Rig.RunAsync("stop-claimed", async () =>
    {
        var talk = new Conversation("stopclaimed");
        string gate = Path.Combine(Path.GetTempPath(), $"gate-{Guid.NewGuid():N}");
        await standing.AloneAsync(async () =>
        {
            await standing.SayAsync(talk, 1, count: 4);
            // Its heart does not beat while this lasts, and all that it saves is saved: that it has lost the lane it can only
            // learn from the fence. Nor does the next one's, while it stands at its gate.
            await using RigProcess stale = Rig.StartWorker("plan.saved=stop@2", s_longLease);
            await stale.UntilStoppedAsync();
            await Rig.Database.ExecuteAsync("update lanes set lease_until = clock_timestamp() - interval '1 second' where owner_id = $1", talk.User);
            await using RigProcess next = Rig.StartWorker($"lane.claimed=gate:{gate}", s_longLease);
            await Rig.Database.UntilAsync("select epoch = 2 from lanes where owner_id = 'stopclaimed'");
            string before = await StateAsync(talk);

            stale.Process.Signal(ProcessSignal.Continue);
            await stale.Process.UntilAsync(Discarded);

            Assert.Equal(before, await StateAsync(talk));
            await stale.DisposeAsync();
            await File.WriteAllTextAsync(gate, "");
            await new Invariants(Rig.Database, Rig.History, [talk.User]).SettleAsync(Rig.Recovery);
        });
        File.Delete(gate);

        await standing.ProveAsync(talk.User);
    });

    [Fact]
    public Task A_stale_worker_that_had_only_claimed_asks_no_model_and_says_nothing_of_the_event() => Rig.RunAsync("stop-lane.claimed", async () =>
    {
        var talk = new Conversation("stoplaneclaimed");
        var (asked, gate) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), new TaskCompletionSource());
        Rig.Models.Script = call =>
        {
            if (call.Schema != "remember_facts")
                return RigModels.Answer(call);
            asked.TrySetResult();
            return new ModelReply.Gated(gate.Task.WaitAsync, RigModels.Answer(call));
        };
        try
        {
            await standing.AloneAsync(async () =>
            {
                await standing.SayAsync(talk, 1, count: 4);
                // Nobody's heart beats while this lasts: that it has lost the lane it does not learn by trying to renew its lease.
                await using RigProcess stale = Rig.StartWorker("lane.claimed=stop@1", s_longLease);
                await stale.UntilStoppedAsync();
                await Rig.Database.ExecuteAsync("update lanes set lease_until = clock_timestamp() - interval '1 second' where owner_id = $1", talk.User);
                await using RigProcess next = Rig.StartWorker("", s_longLease);
                await asked.Task.WaitAsync(s_patience);
                (string lane, string @event) = (await StateAsync(talk), await EventAsync(talk));
                Assert.StartsWith("RUNNING 2", @event, StringComparison.Ordinal);

                stale.Process.Signal(ProcessSignal.Continue);
                await stale.Process.UntilAsync(Discarded);

                Assert.Equal((lane, @event), (await StateAsync(talk), await EventAsync(talk)));
                gate.SetResult();
                await new Invariants(Rig.Database, Rig.History, [talk.User]).SettleAsync(Rig.Recovery);
            });
        }
        finally
        {
            gate.TrySetResult();
            Rig.Models.Script = RigModels.Answer;
        }

        Assert.Single(Rig.Models.Calls, call => call.Schema == "remember_facts" && RigModels.Says(call, talk.Text(1)));
        Assert.StartsWith("SUCCEEDED 2", await EventAsync(talk), StringComparison.Ordinal);
        await standing.ProveAsync(talk.User);
    });

    private Task StopAsync(string point, Func<RigProcess, Conversation, Task> goOnAsync) => Rig.RunAsync($"stop-{point}", async () =>
    {
        var talk = new Conversation($"stop{string.Concat(point.Where(char.IsLetter))}");
        RigProcess? stale = null;
        await standing.AloneAsync(async () =>
        {
            await standing.SayAsync(talk, 1, count: 4);
            string noted = string.Join(',', ((string[])["heartbeat", "answer.unsaved", "apply.middle", "apply.committed"]).Where(other => other != point).Select(other => $"{other}={Noted}"));
            stale = Rig.StartWorker($"{point}=stop@1,{noted}", new Dictionary<string, string?> { ["Memory:Ingestion:Writers"] = "1" });
            await stale.UntilStoppedAsync();
            Assert.Contains(point, stale.Fired);
        });

        await using RigProcess victim = stale!;
        await Task.Delay(2 * Rig.Lease);
        await standing.ProveAsync(talk.User);
        string before = await StateAsync(talk);
        await goOnAsync(victim, talk);

        Assert.Equal(before, await StateAsync(talk));
        // It works as before, now that it knows.
        await standing.AloneAsync(async () =>
        {
            await standing.SayAsync(talk, 5);
            await new Invariants(Rig.Database, Rig.History, [talk.User]).SettleAsync(Rig.Recovery);
        });
        await standing.ProveAsync(talk.User);
    });

    private Task<long> EpochAsync(Conversation talk) => Rig.Database.ScalarAsync<long>("select epoch from lanes where owner_id = $1", talk.User);

    private Task<string> EventAsync(Conversation talk) => Rig.Database.ScalarAsync<string>(
        "select concat_ws(' ', status, attempts, started_at, updated_at, usage) from events where owner_id = $1", talk.User);

    // Everything that a commit of its would change.
    private Task<string> StateAsync(Conversation talk) => Rig.Database.ScalarAsync<string>(
        """
        select concat_ws(' ',
               (select concat_ws(',', applied_seq, version, epoch, attempts) from lanes where owner_id = $1),
               (select string_agg(content || ' v' || version, ';' order by id) from memories where owner_id = $1),
               (select count(*) from memory_versions where owner_id = $1),
               (select count(*) from memory_vectors where owner_id = $1),
               (select count(*) from plans where owner_id = $1),
               (select string_agg(status || attempts || results::text, ';' order by id) from events where owner_id = $1),
               (select count(*) from audit where owner_id = $1))
        """,
        talk.User);
}
