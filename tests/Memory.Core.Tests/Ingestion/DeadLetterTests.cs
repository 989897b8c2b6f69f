using Memory.Core.Episodic;
using Memory.Core.Ingestion;
using Memory.Core.Lanes;
using Memory.Core.LongTerm;
using Memory.Core.Privacy;
using Memory.Testing.Models;

namespace Memory.Core.Tests.Ingestion;

/// <summary>A message that no attempt gets through is put aside with all it takes to try again; nothing else waits for it.</summary>
public sealed class DeadLetterTests : PoisonedTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(11)]
    [InlineData(20)]
    public async Task One_poisonous_message_sinks_none_of_its_batch(int place)
    {
        await Engine.SayAsync("alice", [.. Enumerable.Range(1, 20).Select(n => n == place ? $"Remember {Poison}: FACT bad=yes." : $"Remember this: FACT fact{n}=yes.")]);
        await Engine.SayAsync("alice", "Remember this: FACT next=yes.");

        await WorkAsync();

        Assert.Equal([.. Enumerable.Range(1, 20).Where(n => n != place).Select(n => $"User's fact{n} is yes"), "User's next is yes"], await ContentsAsync());
        Assert.Equal((long)place, await Rig.Database.ScalarAsync<long>("select seq from dead_letters"));
        Assert.Equal((0L, true), (await LaneAsync("pending"), await Rig.Database.ScalarAsync<bool>("select lease_until is null and batch_limit is null from lanes")));
    }

    [Fact]
    public async Task Batches_and_dead_letters_together_cover_every_message_once_and_in_order()
    {
        await Engine.SayAsync("alice", [.. Enumerable.Range(1, 20).Select(n => n % 7 == 0 ? $"Remember {Poison}: FACT bad=yes." : $"Remember this: FACT fact{n}=yes.")]);

        await WorkAsync();

        string ranges = await Rig.Database.ScalarAsync<string>(
            "select string_agg(format('%s-%s', detail ->> 'first', detail ->> 'last'), ' ' order by at) from audit where action in ('batch applied', 'dead letter')");
        var next = 1;
        foreach (int[] range in ranges.Split(' ').Select(range => range.Split('-').Select(int.Parse).ToArray()))
        {
            Assert.Equal(next, range[0]);
            next = range[1] + 1;
        }

        Assert.Equal(21, next);
        Assert.Equal(2L, await Rig.Database.ScalarAsync<long>("select count(*) from dead_letters"));
    }

    [Fact]
    public async Task Narrowing_down_pays_no_message_twice_that_was_extracted()
    {
        Engine.Models.Script = call => call.Schema == "change_memory" && call.Messages[0].Text.Contains("bad", StringComparison.Ordinal)
            ? new ModelReply.Say("not JSON") : OracleModel.Answer(call);
        await Engine.SayAsync("alice", "Remember this: FACT bad=no.");
        await Rig.DrainAsync();
        await Engine.SayAsync("alice", [.. Enumerable.Range(1, 8).Select(n => n == 3 ? "Remember this: FACT bad=yes." : $"Remember this: FACT fact{n}=yes.")]);
        int before = Engine.Models.Calls.Count;

        await WorkAsync();

        Assert.Single(Engine.Models.Calls.Skip(before), call => call.Schema == "remember_facts");
        Assert.Equal(8, (await ContentsAsync()).Count);
        Assert.Equal(4L, await Rig.Database.ScalarAsync<long>("select seq from dead_letters"));
    }

    [Fact]
    public async Task Its_event_says_that_it_failed_and_why_and_what_became_of_the_rest()
    {
        Appended said = await Engine.SayAsync("alice", $"Remember {Poison}: FACT bad=yes.", "Remember this: FACT good=yes.");

        await WorkAsync();

        IngestionEvent failed = await Engine.EventAsync(said);
        Assert.Equal(EventStatus.Failed, failed.Status);
        Assert.Contains("failed 5 times", failed.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(Poison, failed.Error, StringComparison.Ordinal);
        Assert.Equal("User's good is yes", Assert.Single(failed.Results).Content);
        Assert.NotNull(failed.CompletedAt);
    }

    [Fact]
    public async Task A_dead_letter_is_audited_without_what_was_said()
    {
        await Engine.SayAsync("alice", $"Remember {Poison}: FACT bad=yes.");

        await WorkAsync();

        Assert.Equal(1L, await Rig.Database.ScalarAsync<long>("select count(*) from audit where action = 'dead letter'"));
        Assert.Equal(0L, await Rig.Database.ScalarAsync<long>($"select count(*) from audit where audit::text like '%{Poison}%'"));
    }

    [Fact]
    public async Task Why_a_message_failed_stays_on_its_event_whatever_happens_to_the_others()
    {
        Appended said = await Engine.SayAsync("alice", [$"Remember {Poison}: FACT bad=yes.", .. Enumerable.Range(1, 30).Select(n => $"Remember this: FACT fact{n}=yes.")]);
        while (!await Rig.Database.ScalarAsync<bool>("select exists (select from dead_letters)") && await StepAsync())
        {
        }

        Engine.Models.Script = call => call.Schema is null ? OracleModel.Answer(call) : new ModelReply.Problem(429, "rate_limit_exceeded", "busy");
        await StepAsync();
        Engine.Models.Script = OracleModel.Answer;

        await WorkAsync();

        Assert.Contains("failed 5 times", (await Engine.EventAsync(said)).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_write_that_comes_between_does_not_keep_a_message_from_being_put_aside()
    {
        await Engine.SayAsync("alice", $"Remember {Poison}: FACT bad=yes.");
        LaneLease lease = (await Rig.Worker<LaneStore>().ClaimAsync(CancellationToken.None))! with { Attempts = 5 };
        Batch batch = (await Rig.Worker<BatchReader>().ReadAsync(lease, CancellationToken.None))!;
        await Rig.Api<DirectWriter>().AddAsync(
            Rig.Principal, MemoryScope.Create(userId: "alice"), [new NewMessage("user", "User likes chess")], IngestionRequest.Plain, CancellationToken.None);

        await Rig.Worker<Setbacks>().AfterAsync(batch, new TimeoutException(), CancellationToken.None);

        Assert.Contains("TimeoutException", await Rig.Database.ScalarAsync<string>("select reason from dead_letters"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_that_workers_die_of_is_put_aside_without_trying_it_for_ever()
    {
        await Engine.SayAsync("alice", "Remember this: FACT bad=yes.");
        for (var death = 0; death < 5; death++)
        {
            Assert.NotNull(await Rig.Worker<LaneStore>().ClaimAsync(CancellationToken.None));
            await Rig.Database.ExecuteAsync("update lanes set lease_until = now() - interval '1 second'");
        }

        await WorkAsync();

        Assert.Contains("ended without a word", await Rig.Database.ScalarAsync<string>("select reason from dead_letters"), StringComparison.Ordinal);
        Assert.Equal(0L, await LaneAsync("pending"));
    }

    [Fact]
    public async Task Whoever_lost_the_lane_buries_nothing()
    {
        await Engine.SayAsync("alice", "Remember this: FACT bad=yes.");
        LaneLease lease = (await Rig.Worker<LaneStore>().ClaimAsync(CancellationToken.None))! with { Attempts = 5 };
        Batch batch = (await Rig.Worker<BatchReader>().ReadAsync(lease, CancellationToken.None))!;
        await Rig.Database.ExecuteAsync("update lanes set epoch = epoch + 1");

        await Assert.ThrowsAsync<LeaseLostException>(() => Rig.Worker<Setbacks>().AfterAsync(batch, new TimeoutException(), CancellationToken.None));

        Assert.Equal((0L, 1L), (await Rig.Database.ScalarAsync<long>("select count(*) from dead_letters"), await LaneAsync("pending")));
    }
}
