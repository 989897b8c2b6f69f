using Memory.Core.Episodic;
using Memory.Core.Ingestion;
using Memory.Core.Lanes;
using Memory.Core.Privacy;
using Memory.Testing.Models;

namespace Memory.Core.Tests.Ingestion;

/// <summary>What a worker does with a lane when what goes wrong is the database, another worker, or the machine.</summary>
public sealed class LaneRunnerTests : PoisonedTests
{
    [Fact]
    public async Task A_message_that_the_database_is_always_too_slow_for_stops_nobody_elses()
    {
        await Rig.Database.RefuseAsync("memories", "new.content like '%slow%'", "57014");
        Appended said = await Engine.SayAsync("alice", "Remember this: FACT one=yes.", "Remember this: FACT slow=yes.", "Remember this: FACT two=yes.");

        await WorkAsync();

        Assert.Equal(["User's one is yes", "User's two is yes"], await ContentsAsync());
        Assert.Equal((2L, 0L), (await Rig.Database.ScalarAsync<long>("select seq from dead_letters"), await LaneAsync("pending")));
        Assert.Contains("the database took too long", (await Engine.EventAsync(said)).Error, StringComparison.Ordinal);
        Assert.Single(Engine.Models.Calls, call => call.Schema == "remember_facts");
    }

    [Fact]
    public async Task A_database_that_goes_away_uses_up_no_attempt()
    {
        await Rig.Database.RefuseAsync("memories", "true", "57P01");
        await Engine.SayAsync("alice", "Remember this: FACT one=yes.");
        for (var time = 0; time < 8; time++)
            await StepAsync();

        Assert.Equal((0L, 1L), (await LaneAsync("attempts::bigint"), await LaneAsync("pending")));
        await Rig.Database.RelentAsync();
        await WorkAsync();

        Assert.Equal(["User's one is yes"], await ContentsAsync());
    }

    [Fact]
    public async Task A_lane_that_cannot_even_be_read_costs_its_messages_no_attempt()
    {
        await Engine.SayAsync("alice", "Remember this: FACT one=yes.");
        await Rig.Database.ExecuteAsync("alter table plans rename column payload to unreadable");
        for (var time = 0; time < 8; time++)
            await StepAsync();
        await Rig.Database.ExecuteAsync("alter table plans rename column unreadable to payload");

        await WorkAsync();

        Assert.Equal(["User's one is yes"], await ContentsAsync());
        Assert.Equal(0L, await Rig.Database.ScalarAsync<long>("select count(*) from dead_letters"));
    }

    [Fact]
    public async Task Whoever_lost_the_lane_before_reading_it_marks_nothing_as_running()
    {
        Appended said = await Engine.SayAsync("alice", "Remember this: FACT one=yes.");
        LaneLease stale = (await Rig.Worker<LaneStore>().ClaimAsync(CancellationToken.None))!;
        await Rig.Database.ExecuteAsync("update lanes set lease_until = now() - interval '1 second'");
        LaneLease next = (await Rig.Worker<LaneStore>().ClaimAsync(CancellationToken.None))!;
        await Rig.Worker<BatchReader>().ReadAsync(next, CancellationToken.None);
        IngestionEvent running = await Engine.EventAsync(said);

        await Assert.ThrowsAsync<LeaseLostException>(() => Rig.Worker<BatchReader>().ReadAsync(stale, CancellationToken.None));

        IngestionEvent after = await Engine.EventAsync(said);
        Assert.Equal((running.Status, running.Attempts, running.UpdatedAt), (after.Status, after.Attempts, after.UpdatedAt));
        Assert.Equal(2, after.Attempts);
    }

    [Fact]
    public async Task An_event_of_several_batches_keeps_the_most_attempts_that_one_of_them_took()
    {
        Appended said = await Engine.SayAsync("alice", [.. Enumerable.Range(1, 21).Select(n => $"Remember this: FACT fact{n}=yes.")]);
        ModelReply Broken(ModelCall call) => call.Schema is null ? OracleModel.Answer(call) : new ModelReply.Problem(500, "server_error", "broken");
        Engine.Models.Script = Broken;
        await StepAsync();
        await StepAsync();
        Engine.Models.Script = OracleModel.Answer;

        await WorkAsync();

        IngestionEvent done = await Engine.EventAsync(said);
        Assert.Equal((EventStatus.Succeeded, 3), (done.Status, done.Attempts));
    }
}
