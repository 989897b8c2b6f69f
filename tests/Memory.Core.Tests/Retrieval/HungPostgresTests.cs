using System.Diagnostics;
using Memory.Core.Episodic;
using Memory.Core.Retrieval;
using Memory.Testing;
using Memory.Testing.Faults;
using Npgsql;

namespace Memory.Core.Tests.Retrieval;

public sealed class HungPostgresTests
{
    [Fact]
    public async Task A_recall_of_a_database_that_hangs_is_an_error_within_its_budget_and_never_empty()
    {
        await using CoreRig rig = await CoreRig.StartAsync();
        await rig.Api<EpisodeLog>().AppendAsync(
            rig.Principal, MemoryScope.Create(userId: "alice"), [new NewMessage("user", "I live in Porto.")], IngestionRequest.Plain, CancellationToken.None);
        await rig.DrainAsync();
        var address = new NpgsqlConnectionStringBuilder(rig.Database.Api);
        await using var link = new FaultProxy(address.Port);
        address.Port = link.Port;
        await using var host = new EngineHost(address.ConnectionString, (await TestServers.SharedAsync()).Redis, settings: new Dictionary<string, string?>
        {
            ["Memory:Retrieval:SearchMilliseconds"] = "5000",
        });
        var request = new RecallRequest(MemoryScope.Create(userId: "alice"), "Where do I live?", 10);
        Assert.NotEmpty((await host.Get<RecallPipeline>().RecallAsync(rig.Principal, request, CancellationToken.None)).Items);

        link.Fault = new LinkFault { IsBlackhole = true };
        long started = Stopwatch.GetTimestamp();
        // Another question: neither its words nor its vector are at hand.
        await Assert.ThrowsAsync<StorageUnavailableException>(() => host.Get<RecallPipeline>().RecallAsync(
            rig.Principal, request with { Query = "Which town is my home?" }, CancellationToken.None));
        TimeSpan hung = Stopwatch.GetElapsedTime(started);
        link.Heal();

        // A bound, not a speed: the driver waits half a minute for a way to ask a hung server to cancel.
        Assert.True(hung < TimeSpan.FromSeconds(20), $"{hung}");
    }
}
