using Memory.Testing.Faults;

namespace WritePath.Tests;

/// <summary>The answer is lost, not the message: asked again with the same key, it is the same one.</summary>
[Collection(nameof(BrokenServers))]
public sealed class AmbiguousCommitTests(StandingSystem standing)
{
    private FaultRig Rig => standing.Rig;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task A_commit_whose_answer_the_api_never_got_is_found_again(bool isSilent) => Rig.RunAsync($"lost-commit-{isSilent}", async () =>
    {
        Conversation talk = await LoseCommitAsync(isSilent);
        Assert.Equal(3, await Rig.Database.ScalarAsync<long>("select count(*) from episodes where owner_id = $1", talk.User));
        HistoryLine found = await standing.SayAsync(talk, 2, count: 2);

        Assert.Equal([2L, 3L], found.Seqs);
        Assert.Equal(2, await Rig.Database.ScalarAsync<long>("select count(*) from events where owner_id = $1", talk.User));
        await standing.ProveAsync(talk.User);
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task A_commit_whose_answer_the_worker_never_got_is_not_made_again(bool isSilent) => Rig.RunAsync($"lost-apply-{isSilent}", async () =>
    {
        var talk = new Conversation($"cy{isSilent}");
        var alone = new Invariants(Rig.Database, Rig.History, [talk.User]);
        string gate = Path.Combine(Path.GetTempPath(), $"gate-{Guid.NewGuid():N}");
        await standing.AloneAsync(async () =>
        {
            await standing.SayAsync(talk, 1, count: 3);
            await using RigProcess worker = Rig.StartWorker($"apply.before-commit=gate:{gate}", new Dictionary<string, string?> { ["Memory:Ingestion:Writers"] = "1" });
            await worker.UntilFiredAsync("apply.before-commit");
            int before = Rig.WorkerToPostgres.Struck;
            Rig.WorkerToPostgres.Fault = new LinkFault { CutAnswerTo = "COMMIT\0", CutsSilently = isSilent, Once = true };
            try
            {
                await File.WriteAllTextAsync(gate, "");
                await alone.SettleAsync(Rig.Recovery);
                Assert.Equal(before + 1, Rig.WorkerToPostgres.Struck);
            }
            finally
            {
                Rig.WorkerToPostgres.Heal();
            }

            // It goes on with the next one, as if it had had the answer; where it waits for that, once it has waited.
            await standing.SayAsync(talk, 4);
            await alone.SettleAsync(Rig.Recovery + (isSilent ? TimeSpan.FromSeconds(10) : TimeSpan.Zero));
        });
        File.Delete(gate);

        Assert.Equal("SUCCEEDED 1, SUCCEEDED 1", await Rig.Database.ScalarAsync<string>(
            "select string_agg(status || ' ' || attempts, ', ' order by first_seq) from events where owner_id = $1", talk.User));
        Assert.Equal("4 0", await Rig.Database.ScalarAsync<string>("select applied_seq || ' ' || attempts from lanes where owner_id = $1", talk.User));
        Assert.Single(Rig.Models.Calls, call => call.Schema == "remember_facts" && RigModels.Says(call, talk.Text(1)));
        await standing.ProveAsync(talk.User);
    });

    [Fact]
    public Task An_answer_that_the_client_never_got_is_given_again() => Rig.RunAsync("lost-answer", async () =>
    {
        var talk = new Conversation("ben");
        FaultProxy link = Rig.LinkTo(standing.Api);
        var through = new Uri($"http://127.0.0.1:{link.Port}");
        link.Fault = new LinkFault { CutAnswerTo = "POST", Once = true };

        (HistoryLine lost, _, _) = await Rig.Client.AppendAsync(through, talk.User, "first", [talk.Text(1)]);
        Assert.Equal((Outcome.Unknown, 1), (lost.Outcome, link.Struck));
        HistoryLine found = await Rig.Client.InsistAsync([through], talk.User, "first", [talk.Text(1)]);

        Assert.Equal([1L], found.Seqs);
        Assert.Equal(found.Event, await Rig.Database.ScalarAsync<Guid>("select id from events where owner_id = $1", talk.User));
        await standing.ProveAsync(talk.User);
    });

    // Somebody's messages 2 and 3, stored, of which the client was told nothing. The fault may strike what the API commits for
    // itself meanwhile: then somebody else has another try.
    private async Task<Conversation> LoseCommitAsync(bool isSilent)
    {
        for (var attempt = 1; ; attempt++)
        {
            var talk = new Conversation($"ada{isSilent}{attempt}");
            await standing.SayAsync(talk, 1);
            int before = Rig.ApiToPostgres.Struck;
            // With its end: READ COMMITTED is in what begins the transaction.
            Rig.ApiToPostgres.Fault = new LinkFault { CutAnswerTo = "COMMIT\0", CutsSilently = isSilent, Once = true };

            (HistoryLine lost, _, _) = await Rig.Client.AppendAsync(standing.Api.Address, talk.User, $"{talk.User}-2", [talk.Text(2), talk.Text(3)]);
            Assert.Equal(before + 1, Rig.ApiToPostgres.Struck);
            if (lost.Outcome == Outcome.Ok && attempt < 5)
                continue;
            Assert.Equal(Outcome.Unknown, lost.Outcome);
            return talk;
        }
    }
}
