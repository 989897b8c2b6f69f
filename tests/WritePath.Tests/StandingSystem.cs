using Memory.Testing;
using Memory.Testing.Faults;

namespace WritePath.Tests;

/// <summary>
/// An API and a worker with servers of their own, which the tests of a collection share: processes that a test breaks it
/// starts beside them, servers that it breaks it brings back.
/// </summary>
public sealed class StandingSystem : IAsyncLifetime
{
    private FaultServers _servers = null!;

    public FaultRig Rig { get; private set; } = null!;

    public RigProcess Api { get; private set; } = null!;

    public RigProcess Worker { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        _servers = await FaultServers.StartAsync();
        Rig = await FaultRig.StartAsync(_servers, new RigOptions(Seed: 0) { MaxAttempts = 3 });
        Worker = Rig.StartWorker();
        Api = await Rig.StartApiAsync();
        await Worker.Process.AddressAsync();
    }

    public async Task DisposeAsync()
    {
        await Rig.DisposeAsync();
        await _servers.DisposeAsync();
    }

    /// <summary>While the standing worker is stopped, so that another one has the lanes to itself.</summary>
    public async Task AloneAsync(Func<Task> work)
    {
        await Rig.Database.UntilAsync("select not exists (select from lanes where lease_until > clock_timestamp())");
        Worker.Process.Signal(ProcessSignal.Stop);
        try
        {
            await work();
        }
        finally
        {
            Worker.Process.Signal(ProcessSignal.Continue);
        }
    }

    /// <summary>I9 at once, then every other invariant, for some users.</summary>
    public async Task ProveAsync(params IReadOnlyList<string> users)
    {
        var invariants = new Invariants(Rig.Database, Rig.History, users);
        await invariants.SettleAsync(Rig.Recovery);
        await invariants.AssertAsync();
        await Bounds.AssertConnectionsAsync(Rig, processes: 3);
    }

    public Task<HistoryLine> SayAsync(Conversation talk, int from, int count = 1, string? conversation = null) =>
        Rig.Client.InsistAsync([Api.Address], talk.User, $"{talk.User}-{from}", [.. Enumerable.Range(from, count).Select(talk.Text)], conversation);
}

/// <summary>Tests that break processes.</summary>
[CollectionDefinition(nameof(BrokenProcesses), DisableParallelization = true)]
public sealed class BrokenProcesses : ICollectionFixture<StandingSystem>;

/// <summary>Tests that break Postgres, Redis and the ways there.</summary>
[CollectionDefinition(nameof(BrokenServers), DisableParallelization = true)]
public sealed class BrokenServers : ICollectionFixture<StandingSystem>;
