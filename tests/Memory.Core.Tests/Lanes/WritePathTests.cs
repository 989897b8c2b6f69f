using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Memory.Core.Episodic;
using Memory.Core.Ingestion;
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
        await SayAsync("dan");
        await BuryAsync();
        await SayAsync("ann", "bob");
        await _rig.Database.ExecuteAsync("update lanes set waiting_since = now() - interval '2 hours' where owner_id = 'bob'");

        WritePathState api = await _rig.Api<WritePath>().ReadAsync(CancellationToken.None);
        WritePathState worker = await _rig.Worker<WritePath>().ReadAsync(CancellationToken.None);

        Assert.Equal((2, 1), (api.WaitingLanes, api.DeadLetters));
        Assert.Equal((2, 1), (worker.WaitingLanes, worker.DeadLetters));
        Assert.True(api.OldestAge >= TimeSpan.FromHours(2) && worker.OldestAge >= api.OldestAge);
    }

    [Fact]
    public async Task A_dead_letter_counts_until_it_is_asked_to_be_tried_again()
    {
        await SayAsync("ann", "bob");
        await BuryAsync();
        await BuryAsync();

        await _rig.Api<DeadLetters>().ReplayAsync(
            _rig.Principal, new EventId(await _rig.Database.ScalarAsync<Guid>("select event_id from dead_letters limit 1")), CancellationToken.None);

        Assert.Equal(1, (await _rig.Worker<WritePath>().ReadAsync(CancellationToken.None)).DeadLetters);
        await _rig.DrainAsync();
        Assert.Equal(new WritePathState(0, TimeSpan.Zero, 1), await _rig.Worker<WritePath>().ReadAsync(CancellationToken.None));
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
        await SayAsync([.. Enumerable.Range(0, 10).Select(number => $"user-{number}")]);
        for (var dead = 0; dead < 3; dead++)
            await BuryAsync();
        await _rig.Database.ExecuteAsync("update lanes set waiting_since = now() - interval '1 hour' where pending > 0");
        await _rig.Database.ExecuteAsync("update lanes set waiting_since = now() - interval '2 hours' where owner_id = (select max(owner_id) from lanes where pending > 0)");

        await _rig.Worker<WritePath>().MeasureAsync(CancellationToken.None);

        Assert.Contains(("memory.queue.lanes", "{lane}", 7), measured);
        Assert.Contains(("memory.dead_letters", "{message}", 3), measured);
        // That of the oldest: not of the others, nor of all together.
        Assert.Contains(measured, each => each is { Name: "memory.queue.age", Unit: "s", Value: >= 7200 and < 10_800 });
    }

    private async Task SayAsync(params string[] users)
    {
        foreach (string user in users)
        {
            await _rig.Api<EpisodeLog>().AppendAsync(
                _rig.Principal, MemoryScope.Create(userId: user), [new NewMessage("user", "I live in Lisbon.")], IngestionRequest.Plain, CancellationToken.None);
        }
    }
    /// <summary>What a worker does with the next message after its last attempt.</summary>
    private async Task BuryAsync()
    {
        LaneLease lease = (await _rig.Worker<LaneStore>().ClaimAsync(CancellationToken.None))! with { Attempts = 5 };
        Batch batch = (await _rig.Worker<BatchReader>().ReadAsync(lease, CancellationToken.None))!;
        await _rig.Worker<Setbacks>().AfterAsync(batch, new TimeoutException(), CancellationToken.None);
    }
}
