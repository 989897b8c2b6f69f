using System.Net;
using System.Net.Sockets;
using Memory.Testing;
using Memory.Testing.Faults;
using Memory.Testing.Models;

namespace WritePath.Tests;

/// <summary>A worker that is asked to end does so soon, and leaves nothing held.</summary>
[Collection(nameof(BrokenProcesses))]
public sealed class ShutdownTests(StandingSystem standing) : IAsyncLifetime
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

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
        return Rig.Database.ExecuteAsync("delete from webhooks");
    }

    [Fact]
    public Task What_waits_for_a_model_that_does_not_answer_is_released() => Rig.RunAsync("terminate-released", async () =>
    {
        var talk = new Conversation("fay");
        await standing.AloneAsync(async () =>
        {
            await using RigProcess ending = await BeginAsync(talk, stopMilliseconds: 500);

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
            await using RigProcess ending = await BeginAsync(talk, stopMilliseconds: 9_000);

            Task ended = EndAsync(ending);
            await ending.Process.UntilAsync("Application is shutting down");
            _gate.SetResult();
            await ended;

            Assert.Equal("0 pending, free, 0 attempts", await LaneAsync(talk));
        });

        await standing.ProveAsync(talk.User);
        await Bounds.AssertCallsAsync(Rig, [talk.User], faults: 0);
    });

    // Whoever is called and does not answer holds up nobody who waits for a model.
    [Fact]
    public Task A_webhook_that_never_answers_takes_no_time_from_a_batch() => Rig.RunAsync("terminate-webhook", async () =>
    {
        var talk = new Conversation("hal");
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await standing.AloneAsync(async () =>
        {
            // One after the other, the webhook's time and then the model's, would be more than the host waits.
            await using RigProcess ending = await BeginAsync(talk, stopMilliseconds: 6_000);
            await CallAsync(talk, silent);
            using TcpClient called = await silent.AcceptTcpClientAsync().WaitAsync(s_patience);

            await EndAsync(ending);

            Assert.Equal("3 pending, free, 0 attempts", await LaneAsync(talk));
            _gate.SetResult();
        });

        await standing.ProveAsync(talk.User);
    });

    // What a change would have noted in its transaction.
    private Task CallAsync(Conversation talk, TcpListener silent) => Rig.Database.ExecuteAsync($"""
        with hook as (insert into webhooks (project_id, id, name, url, kinds, secret)
                      select project_id, gen_random_uuid(), 'silent', 'http://{silent.LocalEndpoint}/', array['closed'], 'a secret that is long enough'
                        from lanes where owner_id = '{talk.User}'
                      returning project_id, id)
        insert into webhook_deliveries (project_id, owner_kind, owner_id, webhook_id, kind, memory_id, event_id)
        select project_id, 'user', '{talk.User}', id, 'closed', gen_random_uuid(), gen_random_uuid() from hook
        """);

    private async Task<RigProcess> BeginAsync(Conversation talk, int stopMilliseconds)
    {
        await standing.SayAsync(talk, 1, count: 3);
        RigProcess ending = await Rig.StartWorkerAsync(new Dictionary<string, string?>
        {
            // A stall of a busy machine is not to end its lease: another writer would then ask the model, too.
            ["Memory:Lanes:LeaseMilliseconds"] = "60000",
            ["Memory:Ingestion:StopMilliseconds"] = $"{stopMilliseconds}",
            ["Memory:Webhooks:PrivateAddresses"] = "true",
        });
        await _asked.Task.WaitAsync(s_patience);
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
