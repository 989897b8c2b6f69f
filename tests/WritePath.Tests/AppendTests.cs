using System.Net;
using Memory.Testing.Faults;
using Npgsql;

namespace WritePath.Tests;

/// <summary>Appends while clients are impatient and connections scarce.</summary>
[Collection(nameof(BrokenServers))]
public sealed class AppendTests(StandingSystem standing)
{
    private FaultRig Rig => standing.Rig;

    [Fact]
    public Task Twenty_times_the_same_message_at_once_is_one_episode() => Rig.RunAsync("twenty-at-once", async () =>
    {
        var talk = new Conversation("cleo");
        await using RigProcess second = await Rig.StartApiAsync();
        Uri[] apis = [standing.Api.Address, second.Address];

        (HistoryLine Line, HttpStatusCode? Status, TimeSpan?)[] answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i =>
            Rig.Client.AppendAsync(apis[i % 2], talk.User, "same", [talk.Text(1)])));
        HistoryLine later = await Rig.Client.InsistAsync(apis, talk.User, "same", [talk.Text(1)]);

        Assert.All(answers, answer => Assert.Contains(answer.Status, (HttpStatusCode?[])[HttpStatusCode.OK, HttpStatusCode.Conflict]));
        Assert.All(answers.Where(answer => answer.Status == HttpStatusCode.OK), answer => Assert.Equal(later.Event, answer.Line.Event));
        Assert.Contains(answers, answer => answer.Status == HttpStatusCode.OK);
        Assert.Equal(1, await Rig.Database.ScalarAsync<long>("select count(*) from episodes where owner_id = $1", talk.User));
        Assert.Equal(1, await Rig.Database.ScalarAsync<long>("select count(*) from events where owner_id = $1", talk.User));
        await standing.ProveAsync(talk.User);
    });

    [Fact]
    public Task Without_a_free_connection_an_append_is_told_when_to_come_back() => Rig.RunAsync("pool-exhausted", async () =>
    {
        (Conversation talk, Conversation other) = (new Conversation("dora"), new Conversation("emil"));
        await using RigProcess scarce = await Rig.StartApiAsync(settings: new Dictionary<string, string?>
        {
            ["ConnectionStrings:memorydb"] = new NpgsqlConnectionStringBuilder(Rig.Database.Api) { MaxPoolSize = 2, ApplicationName = "scarce" }.ConnectionString,
            ["Memory:Storage:ConnectSeconds"] = "1",
            ["Memory:Storage:CommandSeconds"] = "30",
        });
        await Rig.Client.InsistAsync([scarce.Address], talk.User, "dora-1", [talk.Text(1)]);

        Task<HistoryLine>[] waiting;
        await using (await HeldLane.HoldAsync(Rig.Database, talk.User))
        {
            waiting = [.. Enumerable.Range(2, 2).Select(n => Rig.Client.InsistAsync([scarce.Address], talk.User, $"dora-{n}", [talk.Text(n)]))];
            await Rig.Database.UntilAsync("select count(*) = 2 from pg_stat_activity where application_name = 'scarce' and wait_event_type = 'Lock'");
            (HistoryLine refused, HttpStatusCode? status, TimeSpan? retryAfter) =
                await Rig.Client.AppendAsync(scarce.Address, other.User, "emil-1", [other.Text(1)]);

            Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
            Assert.True(retryAfter > TimeSpan.Zero, refused.Why);
        }

        await Task.WhenAll(waiting);
        await Rig.Client.InsistAsync([scarce.Address], other.User, "emil-1", [other.Text(1)]);
        Assert.InRange(await Rig.Database.ScalarAsync<long>("select count(*) from pg_stat_activity where application_name = 'scarce'"), 1, 2);
        await standing.ProveAsync(talk.User, other.User);
    });
}
