using Memory.Core.Episodic;
using Memory.Core.Ingestion;
using Memory.Core.Lanes;
using Memory.Core.LongTerm;
using Memory.Core.Privacy;
using Memory.Testing.Models;

namespace Memory.Core.Tests.Ingestion;

/// <summary>A message that no attempt gets through is put aside with all it takes to try again; nothing else waits for it.</summary>
public sealed class DeadLetterTests : IAsyncLifetime
{
    private const string Poison = "POISON";

    private readonly FaultyEngine _engine = new FaultyOpenAi();
    private Testing.CoreRig Rig => _engine.Rig;

    public async Task InitializeAsync()
    {
        await _engine.InitializeAsync();
        _engine.Models.Script = SpoilsPoison;
    }

    public Task DisposeAsync() => _engine.DisposeAsync();

    [Theory]
    [InlineData(1)]
    [InlineData(11)]
    [InlineData(20)]
    public async Task One_poisonous_message_sinks_none_of_its_batch(int place)
    {
        await _engine.SayAsync("alice", [.. Enumerable.Range(1, 20).Select(n => n == place ? $"Remember {Poison}: FACT bad=yes." : $"Remember this: FACT fact{n}=yes.")]);
        await _engine.SayAsync("alice", "Remember this: FACT next=yes.");

        await WorkAsync();

        Assert.Equal([.. Enumerable.Range(1, 20).Where(n => n != place).Select(n => $"User's fact{n} is yes"), "User's next is yes"], await ContentsAsync());
        Assert.Equal((long)place, await Rig.Database.ScalarAsync<long>("select seq from dead_letters"));
        Assert.Equal((0L, true), (await LaneAsync("pending"), await Rig.Database.ScalarAsync<bool>("select lease_until is null and batch_limit is null from lanes")));
    }

    [Fact]
    public async Task Batches_and_dead_letters_together_cover_every_message_once_and_in_order()
    {
        await _engine.SayAsync("alice", [.. Enumerable.Range(1, 20).Select(n => n % 7 == 0 ? $"Remember {Poison}: FACT bad=yes." : $"Remember this: FACT fact{n}=yes.")]);

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
        _engine.Models.Script = call => call.Schema == "change_memory" && call.Messages[0].Text.Contains("bad", StringComparison.Ordinal)
            ? new ModelReply.Say("not JSON") : OracleModel.Answer(call);
        await _engine.SayAsync("alice", "Remember this: FACT bad=no.");
        await Rig.DrainAsync();
        await _engine.SayAsync("alice", [.. Enumerable.Range(1, 8).Select(n => n == 3 ? "Remember this: FACT bad=yes." : $"Remember this: FACT fact{n}=yes.")]);
        int before = _engine.Models.Calls.Count;

        await WorkAsync();

        Assert.Single(_engine.Models.Calls.Skip(before), call => call.Schema == "remember_facts");
        Assert.Equal(8, (await ContentsAsync()).Count);
        Assert.Equal(4L, await Rig.Database.ScalarAsync<long>("select seq from dead_letters"));
    }

    [Fact]
    public async Task Its_event_says_that_it_failed_and_why_and_what_became_of_the_rest()
    {
        Appended said = await _engine.SayAsync("alice", $"Remember {Poison}: FACT bad=yes.", "Remember this: FACT good=yes.");

        await WorkAsync();

        IngestionEvent failed = await _engine.EventAsync(said);
        Assert.Equal(EventStatus.Failed, failed.Status);
        Assert.Contains("failed 5 times", failed.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(Poison, failed.Error, StringComparison.Ordinal);
        Assert.Equal("User's good is yes", Assert.Single(failed.Results).Content);
        Assert.NotNull(failed.CompletedAt);
    }

    [Fact]
    public async Task A_dead_letter_is_audited_without_what_was_said()
    {
        await _engine.SayAsync("alice", $"Remember {Poison}: FACT bad=yes.");

        await WorkAsync();

        Assert.Equal(1L, await Rig.Database.ScalarAsync<long>("select count(*) from audit where action = 'dead letter'"));
        Assert.Equal(0L, await Rig.Database.ScalarAsync<long>($"select count(*) from audit where audit::text like '%{Poison}%'"));
    }

    [Fact]
    public async Task Replayed_once_the_cause_is_gone_it_is_distilled_after_all()
    {
        Appended said = await _engine.SayAsync("alice", $"Remember {Poison}: FACT bad=yes.", "Remember this: FACT good=yes.");
        await WorkAsync();
        _engine.Models.Script = OracleModel.Answer;

        Assert.Equal(1, await Rig.Api<DeadLetters>().ReplayAsync(Rig.Principal, said.Event, CancellationToken.None));
        Assert.Equal(EventStatus.Pending, (await _engine.EventAsync(said)).Status);
        await WorkAsync();

        IngestionEvent done = await _engine.EventAsync(said);
        Assert.Equal((EventStatus.Succeeded, (string?)null), (done.Status, done.Error));
        Assert.Equal(["User's bad is yes", "User's good is yes"], await ContentsAsync());
        Assert.Equal(0L, await Rig.Database.ScalarAsync<long>("select (select count(*) from dead_letters) + replays from lanes"));
    }

    [Fact]
    public async Task Replayed_it_overwrites_nothing_newer()
    {
        Appended said = await _engine.SayAsync("alice", $"Remember {Poison}: FACT color=red.");
        await _engine.SayAsync("alice", "Remember this: FACT color=blue.");
        await WorkAsync();
        MemoryRecord blue = Assert.Single(await _engine.MemoriesAsync("alice"));
        _engine.Models.Script = OracleModel.Answer;

        await Rig.Api<DeadLetters>().ReplayAsync(Rig.Principal, said.Event, CancellationToken.None);
        await WorkAsync();

        MemoryRecord still = await Rig.Api<MemoryStore>().GetAsync(Rig.Principal, blue.Id, CancellationToken.None);
        Assert.Equal(("User's color is blue", 1), (still.Content, still.Version));
        Assert.Equal(EventStatus.Succeeded, (await _engine.EventAsync(said)).Status);
        Assert.Contains((await _engine.EventAsync(said)).Results, result => result.Content == "User's color is red");
    }

    [Fact]
    public async Task A_replay_that_fails_again_is_a_dead_letter_again_and_holds_up_nobody()
    {
        Appended said = await _engine.SayAsync("alice", $"Remember {Poison}: FACT bad=yes.");
        await WorkAsync();

        await Rig.Api<DeadLetters>().ReplayAsync(Rig.Principal, said.Event, CancellationToken.None);
        await _engine.SayAsync("alice", "Remember this: FACT good=yes.");
        await WorkAsync();

        Assert.Equal(EventStatus.Failed, (await _engine.EventAsync(said)).Status);
        Assert.Equal(["User's good is yes"], await ContentsAsync());
        Assert.Equal(1L, await Rig.Database.ScalarAsync<long>("select count(*) from dead_letters where replay_at is null"));
    }

    [Fact]
    public async Task Replayed_it_brings_nothing_back_that_was_deleted_since()
    {
        Appended said = await _engine.SayAsync("alice", $"Remember {Poison}: FACT home=Leeds.");
        await WorkAsync();
        await _engine.SayAsync("alice", "Remember this: FACT home=Leeds.");
        await WorkAsync();
        MemoryRecord leeds = Assert.Single(await _engine.MemoriesAsync("alice"));
        await Rig.Api<DirectWriter>().DeleteAsync(Rig.Principal, leeds.Id, null, CancellationToken.None);
        _engine.Models.Script = OracleModel.Answer;

        await Rig.Api<DeadLetters>().ReplayAsync(Rig.Principal, said.Event, CancellationToken.None);
        await WorkAsync();

        Assert.Empty(await ContentsAsync());
        Assert.Equal("changed or deleted since it was said", Assert.Single((await _engine.EventAsync(said)).Results).Reason);
    }

    [Fact]
    public async Task While_one_of_two_waits_to_be_replayed_the_event_is_not_done()
    {
        Appended said = await _engine.SayAsync("alice", $"Remember {Poison}: FACT color=red.", $"Remember {Poison}: FACT color=blue.");
        await WorkAsync();
        _engine.Models.Script = OracleModel.Answer;
        await Rig.Api<DeadLetters>().ReplayAsync(Rig.Principal, said.Event, CancellationToken.None);

        await Rig.ApplyAsync((await Rig.Worker<LaneStore>().ClaimAsync(CancellationToken.None))!);

        IngestionEvent half = await _engine.EventAsync(said);
        Assert.Equal((EventStatus.Pending, (DateTimeOffset?)null), (half.Status, half.CompletedAt));
    }

    [Fact]
    public async Task A_letter_that_another_version_wrote_is_read_from_the_episodes_instead()
    {
        Appended said = await _engine.SayAsync("alice", $"Remember {Poison}: FACT color=red.");
        await WorkAsync();
        await Rig.Database.ExecuteAsync("update dead_letters set payload = 'not JSON'");
        _engine.Models.Script = OracleModel.Answer;

        await Rig.Api<DeadLetters>().ReplayAsync(Rig.Principal, said.Event, CancellationToken.None);
        await WorkAsync();

        Assert.Equal(["User's color is red"], await ContentsAsync());
    }

    [Fact]
    public async Task Why_a_message_failed_stays_on_its_event_whatever_happens_to_the_others()
    {
        Appended said = await _engine.SayAsync("alice", [$"Remember {Poison}: FACT bad=yes.", .. Enumerable.Range(1, 30).Select(n => $"Remember this: FACT fact{n}=yes.")]);
        while (!await Rig.Database.ScalarAsync<bool>("select exists (select from dead_letters)") && await StepAsync())
        {
        }

        _engine.Models.Script = call => call.Schema is null ? OracleModel.Answer(call) : new ModelReply.Problem(429, "rate_limit_exceeded", "busy");
        await StepAsync();
        _engine.Models.Script = OracleModel.Answer;

        await WorkAsync();

        Assert.Contains("failed 5 times", (await _engine.EventAsync(said)).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_write_that_comes_between_does_not_keep_a_message_from_being_put_aside()
    {
        await _engine.SayAsync("alice", $"Remember {Poison}: FACT bad=yes.");
        LaneLease lease = (await Rig.Worker<LaneStore>().ClaimAsync(CancellationToken.None))! with { Attempts = 5 };
        Batch batch = (await Rig.Worker<BatchReader>().ReadAsync(lease, CancellationToken.None))!;
        await Rig.Api<DirectWriter>().AddAsync(
            Rig.Principal, MemoryScope.Create(userId: "alice"), [new NewMessage("user", "User likes chess")], IngestionRequest.Plain, CancellationToken.None);

        await Rig.Worker<Setbacks>().AfterAsync(batch, new TimeoutException(), CancellationToken.None);

        Assert.Contains("TimeoutException", await Rig.Database.ScalarAsync<string>("select reason from dead_letters"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_dead_letters_of_an_event_are_replayed_in_their_order()
    {
        Appended said = await _engine.SayAsync("alice", $"Remember {Poison}: FACT color=red.", $"Remember {Poison}: FACT color=blue.");
        await WorkAsync();
        _engine.Models.Script = OracleModel.Answer;

        Assert.Equal(2, await Rig.Api<DeadLetters>().ReplayAsync(Rig.Principal, said.Event, CancellationToken.None));
        await WorkAsync();

        Assert.Equal(["User's color is blue"], await ContentsAsync());
        Assert.Equal(EventStatus.Succeeded, (await _engine.EventAsync(said)).Status);
    }

    [Fact]
    public async Task What_did_not_fail_is_not_replayed()
    {
        Appended said = await _engine.SayAsync("alice", "Remember this: FACT good=yes.");
        await WorkAsync();

        await Assert.ThrowsAsync<ConflictingWriteException>(() => Rig.Api<DeadLetters>().ReplayAsync(Rig.Principal, said.Event, CancellationToken.None));
        await Assert.ThrowsAsync<NotFoundException>(() => Rig.Api<DeadLetters>().ReplayAsync(Rig.Principal, new EventId(Guid.NewGuid()), CancellationToken.None));
    }

    [Fact]
    public async Task Nobody_replays_what_is_not_theirs_to_see()
    {
        Appended said = await _engine.SayAsync("alice", $"Remember {Poison}: FACT bad=yes.");
        await WorkAsync();
        Principal bob = Rig.Principal with { Subject = new Owner(OwnerKind.User, "bob") };

        await Assert.ThrowsAsync<NotFoundException>(() => Rig.Api<DeadLetters>().ReplayAsync(bob, said.Event, CancellationToken.None));
    }

    [Fact]
    public async Task A_message_that_workers_die_of_is_put_aside_without_trying_it_for_ever()
    {
        await _engine.SayAsync("alice", "Remember this: FACT bad=yes.");
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
        await _engine.SayAsync("alice", "Remember this: FACT bad=yes.");
        LaneLease lease = (await Rig.Worker<LaneStore>().ClaimAsync(CancellationToken.None))! with { Attempts = 5 };
        Batch batch = (await Rig.Worker<BatchReader>().ReadAsync(lease, CancellationToken.None))!;
        await Rig.Database.ExecuteAsync("update lanes set epoch = epoch + 1");

        await Assert.ThrowsAsync<LeaseLostException>(() => Rig.Worker<Setbacks>().AfterAsync(batch, new TimeoutException(), CancellationToken.None));

        Assert.Equal((0L, 1L), (await Rig.Database.ScalarAsync<long>("select count(*) from dead_letters"), await LaneAsync("pending")));
    }

    // A worker, without its waits, until nothing is left to do.
    private async Task WorkAsync()
    {
        while (await StepAsync())
        {
        }
    }

    private async Task<bool> StepAsync()
    {
        if (await Rig.Worker<LaneStore>().ClaimAsync(CancellationToken.None) is not { } lease)
            return false;
        await Rig.Worker<LaneRunner>().RunAsync(lease, CancellationToken.None);
        await Rig.Database.ExecuteAsync("update lanes set ready_at = now()");
        return true;
    }

    private static ModelReply SpoilsPoison(ModelCall call) =>
        call.Schema is not null && call.Messages[0].Text.Contains(Poison, StringComparison.Ordinal) ? new ModelReply.Say("not JSON") : OracleModel.Answer(call);

    private Task<long> LaneAsync(string column) => Rig.Database.ScalarAsync<long>($"select {column} from lanes");

    private async Task<IReadOnlyList<string>> ContentsAsync() =>
        [.. (await _engine.MemoriesAsync("alice")).Select(memory => memory.Content).OrderBy(text => int.TryParse(string.Concat(text.Where(char.IsDigit)), out int n) ? n : 99).ThenBy(text => text, StringComparer.Ordinal)];
}
