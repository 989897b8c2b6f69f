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
        var talk = new Conversation($"ada{isSilent}");
        await standing.SayAsync(talk, 1);
        int before = Rig.ApiToPostgres.Struck;
        // With its end: READ COMMITTED is in what begins the transaction.
        Rig.ApiToPostgres.Fault = new LinkFault { CutAnswerTo = "COMMIT\0", CutsSilently = isSilent, Once = true };

        (HistoryLine lost, _, _) = await Rig.Client.AppendAsync(standing.Api.Address, talk.User, $"{talk.User}-2", [talk.Text(2), talk.Text(3)]);
        Assert.Equal((Outcome.Unknown, before + 1), (lost.Outcome, Rig.ApiToPostgres.Struck));
        Assert.Equal(3, await Rig.Database.ScalarAsync<long>("select count(*) from episodes where owner_id = $1", talk.User));
        HistoryLine found = await standing.SayAsync(talk, 2, count: 2);

        Assert.Equal([2L, 3L], found.Seqs);
        Assert.Equal(2, await Rig.Database.ScalarAsync<long>("select count(*) from events where owner_id = $1", talk.User));
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
}
