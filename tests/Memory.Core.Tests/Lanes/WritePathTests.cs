using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Memory.Core.Episodic;
using Memory.Core.Lanes;
using Memory.Testing;

namespace Memory.Core.Tests.Lanes;

public sealed class WritePathTests : IAsyncLifetime
{
    private CoreRig _rig = null!;

    public async Task InitializeAsync() => _rig = await CoreRig.StartAsync();

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    public async Task It_is_seen_alike_with_the_rights_of_either_service()
    {
        await SayAsync("ann", "bob");
        await _rig.Database.ExecuteAsync("update lanes set waiting_since = now() - interval '2 hours' where owner_id = 'bob'");

        WritePathState api = await _rig.Api<WritePath>().ReadAsync(CancellationToken.None);
        WritePathState worker = await _rig.Worker<WritePath>().ReadAsync(CancellationToken.None);

        Assert.Equal((2, 0), (api.WaitingLanes, api.DeadLetters));
        Assert.Equal((2, 0), (worker.WaitingLanes, worker.DeadLetters));
        Assert.True(api.OldestAge >= TimeSpan.FromHours(2) && worker.OldestAge >= api.OldestAge);
    }

    [Fact]
    public async Task When_all_is_distilled_nothing_waits()
    {
        await SayAsync("ann");
        await _rig.DrainAsync();

        Assert.Equal(new WritePathState(0, TimeSpan.Zero, 0), await _rig.Worker<WritePath>().ReadAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Its_gauges_say_what_it_is()
    {
        var measured = new ConcurrentQueue<(string Name, string? Unit, double Value)>();
        using var listener = new MeterListener { InstrumentPublished = (instrument, self) => { if (instrument.Meter.Name == "Memory.Core") self.EnableMeasurementEvents(instrument); } };
        listener.SetMeasurementEventCallback<double>((instrument, value, _, _) => measured.Enqueue((instrument.Name, instrument.Unit, value)));
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => measured.Enqueue((instrument.Name, instrument.Unit, value)));
        listener.Start();
        await SayAsync([.. Enumerable.Range(0, 7).Select(number => $"user-{number}")]);
        await _rig.Database.ExecuteAsync("update lanes set waiting_since = now() - interval '2 hours'");

        await _rig.Worker<WritePath>().MeasureAsync(CancellationToken.None);

        Assert.Contains(("memory.queue.lanes", "{lane}", 7), measured);
        Assert.Contains(("memory.dead_letters", "{message}", 0), measured);
        Assert.Contains(measured, each => each is { Name: "memory.queue.age", Unit: "s", Value: >= 7200 });
    }

    private async Task SayAsync(params string[] users)
    {
        foreach (string user in users)
        {
            await _rig.Api<EpisodeLog>().AppendAsync(
                _rig.Principal, MemoryScope.Create(userId: user), [new NewMessage("user", "I live in Lisbon.")], IngestionRequest.Plain, CancellationToken.None);
        }
    }
}
