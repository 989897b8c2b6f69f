using Memory.Testing.Faults;

namespace WritePath.Tests;

/// <summary>Who talks much does not keep the others waiting.</summary>
[Collection(nameof(BrokenProcesses))]
public sealed class FairnessTests(StandingSystem standing)
{
    private const int Much = 400;

    private FaultRig Rig => standing.Rig;

    [Fact]
    public Task Twenty_quiet_users_are_served_while_four_hundred_messages_of_one_still_wait() => Rig.RunAsync("fairness", async () =>
    {
        var busy = new Conversation("busy");
        Conversation[] quiet = [.. Enumerable.Range(0, 20).Select(n => new Conversation($"quiet{n}"))];
        await standing.AloneAsync(async () =>
        {
            for (var from = 1; from <= Much; from += 100)
                await standing.SayAsync(busy, from, count: 100);
            foreach (Conversation talk in quiet)
                await standing.SayAsync(talk, 1);
        });

        await standing.ProveAsync([busy.User, .. quiet.Select(talk => talk.User)]);

        // Their lanes became ready after the busy one's: it is served once for each writer, then it is their turn.
        long batches = await BusyBatchesAsync("true");
        long before = await BusyBatchesAsync("at < (select max(at) from audit where action = 'batch applied' and owner_id like 'quiet%')");
        Assert.Equal(Much / 20, batches);
        Assert.InRange(before, 0, batches / 2);
    });

    private Task<long> BusyBatchesAsync(string condition) =>
        Rig.Database.ScalarAsync<long>($"select count(*) from audit where action = 'batch applied' and owner_id = 'busy' and {condition}");
}
