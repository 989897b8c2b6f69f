using Memory.Testing.Faults;

namespace WritePath.Tests;

/// <summary>However many workers there are, one person's messages are dealt with one after the other.</summary>
[Collection(nameof(BrokenServers))]
public sealed class OrderTests(StandingSystem standing)
{
    private const string User = "ida";
    private const int Messages = 500;

    [Theory]
    [InlineData(2)]
    [InlineData(8)]
    public async Task Five_hundred_messages_of_one_user_are_applied_in_order_by_many_workers(int workers)
    {
        await using FaultRig rig = await FaultRig.StartAsync(standing.Rig.Servers, new RigOptions(Seed: workers)
        {
            IsBuiltin = true,
            // Small batches, and all of them look for the one lane, so that it goes from hand to hand.
            Settings = new Dictionary<string, string?> { ["Memory:Ingestion:BatchMessages"] = "5", ["Memory:Ingestion:Writers"] = "2" },
        });
        await rig.RunAsync($"order-{workers}", async () =>
        {
            RigProcess[] started = [.. Enumerable.Range(0, workers).Select(_ => rig.StartWorker("lane.claimed=gate:/dev/null"))];
            RigProcess api = await rig.StartApiAsync();
            await Task.WhenAll(started.Select(worker => worker.Process.AddressAsync()));
            for (var first = 1; first <= Messages; first += 20)
                await rig.Client.InsistAsync([api.Address], User, $"{first}", [.. Enumerable.Range(first, 20).Select(n => $"My favourite number is {n}.")]);

            var invariants = new Invariants(rig.Database, rig.History, [User]);
            await invariants.SettleAsync(rig.Recovery);
            await invariants.AssertAsync(isOracle: false);

            // Each message replaced the one before it: a message left out, taken twice or out of turn would show in the versions.
            List<(int Version, string Content)> versions = await rig.Database.ListAsync(
                "select version, content from memory_versions order by memory_id, version", row => (row.GetInt32(0), row.GetString(1)));
            Assert.Equal(Enumerable.Range(1, Messages).Select(n => (n, $"User's favourite number is {n}")), versions);
            Assert.True(started.Count(worker => worker.Fired.Contains("lane.claimed")) > 1);
            await Bounds.AssertConnectionsAsync(rig, workers);
        });
    }
}
