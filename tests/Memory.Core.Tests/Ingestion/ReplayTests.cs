using Memory.Core.Episodic;
using Memory.Core.Ingestion;
using Memory.Core.Lanes;
using Memory.Core.LongTerm;
using Memory.Core.Privacy;
using Memory.Testing.Models;

namespace Memory.Core.Tests.Ingestion;

/// <summary>A dead letter is tried again when somebody asks, with the time at which it was said.</summary>
public sealed class ReplayTests : PoisonedTests
{
    [Fact]
    public async Task Replayed_once_the_cause_is_gone_it_is_distilled_after_all()
    {
        Appended said = await Engine.SayAsync("alice", $"Remember {Poison}: FACT bad=yes.", "Remember this: FACT good=yes.");
        await WorkAsync();
        Engine.Models.Script = OracleModel.Answer;

        Assert.Equal(1, await Rig.Api<DeadLetters>().ReplayAsync(Rig.Principal, said.Event, CancellationToken.None));
        Assert.Equal(EventStatus.Pending, (await Engine.EventAsync(said)).Status);
        await WorkAsync();

        IngestionEvent done = await Engine.EventAsync(said);
        Assert.Equal((EventStatus.Succeeded, (string?)null), (done.Status, done.Error));
        Assert.Equal(["User's bad is yes", "User's good is yes"], await ContentsAsync());
        Assert.Equal(0L, await Rig.Database.ScalarAsync<long>("select (select count(*) from dead_letters) + replays from lanes"));
    }

    [Fact]
    public async Task Whoever_got_no_answer_to_a_replay_that_was_applied_does_not_bury_it()
    {
        Appended first = await Engine.SayAsync("alice", $"Remember {Poison}: FACT bad=yes."), second = await Engine.SayAsync("alice", $"Remember {Poison}: FACT worse=yes.");
        await WorkAsync();
        Engine.Models.Script = OracleModel.Answer;
        foreach (Appended said in (Appended[])[first, second])
            await Rig.Api<DeadLetters>().ReplayAsync(Rig.Principal, said.Event, CancellationToken.None);
        LaneLease lease = (await Rig.Worker<LaneStore>().ClaimAsync(CancellationToken.None))!;
        Batch batch = (await Rig.Worker<BatchReader>().ReadAsync(lease, CancellationToken.None))!;
        await Rig.Worker<IngestionPipeline>().RunAsync(batch, CancellationToken.None);

        await Assert.ThrowsAsync<LeaseLostException>(() => Rig.Worker<DeadLetters>().BuryAsync(batch, "no answer", CancellationToken.None));

        Assert.Equal(EventStatus.Succeeded, (await Engine.EventAsync(first)).Status);
        await WorkAsync();
        Assert.Equal(EventStatus.Succeeded, (await Engine.EventAsync(second)).Status);
        Assert.Equal(0L, await Rig.Database.ScalarAsync<long>("select (select count(*) from dead_letters) + replays from lanes"));
    }

    [Fact]
    public async Task Replayed_it_overwrites_nothing_newer()
    {
        Appended said = await Engine.SayAsync("alice", $"Remember {Poison}: FACT color=red.");
        await Engine.SayAsync("alice", "Remember this: FACT color=blue.");
        await WorkAsync();
        MemoryRecord blue = Assert.Single(await Engine.MemoriesAsync("alice"));
        Engine.Models.Script = OracleModel.Answer;

        await Rig.Api<DeadLetters>().ReplayAsync(Rig.Principal, said.Event, CancellationToken.None);
        await WorkAsync();

        MemoryRecord still = await Rig.Api<MemoryStore>().GetAsync(Rig.Principal, blue.Id, CancellationToken.None);
        Assert.Equal(("User's color is blue", 1), (still.Content, still.Version));
        Assert.Equal(EventStatus.Succeeded, (await Engine.EventAsync(said)).Status);
        Assert.Contains((await Engine.EventAsync(said)).Results, result => result.Content == "User's color is red");
    }

    [Fact]
    public async Task A_replay_that_fails_again_is_a_dead_letter_again_and_holds_up_nobody()
    {
        Appended said = await Engine.SayAsync("alice", $"Remember {Poison}: FACT bad=yes.");
        await WorkAsync();

        await Rig.Api<DeadLetters>().ReplayAsync(Rig.Principal, said.Event, CancellationToken.None);
        await Engine.SayAsync("alice", "Remember this: FACT good=yes.");
        await WorkAsync();

        Assert.Equal(EventStatus.Failed, (await Engine.EventAsync(said)).Status);
        Assert.Equal(["User's good is yes"], await ContentsAsync());
        Assert.Equal(1L, await Rig.Database.ScalarAsync<long>("select count(*) from dead_letters where replay_at is null"));
    }

    [Fact]
    public async Task Replayed_it_brings_nothing_back_that_was_deleted_since()
    {
        Appended said = await Engine.SayAsync("alice", $"Remember {Poison}: FACT home=Leeds.");
        await WorkAsync();
        await Engine.SayAsync("alice", "Remember this: FACT home=Leeds.");
        await WorkAsync();
        MemoryRecord leeds = Assert.Single(await Engine.MemoriesAsync("alice"));
        await Rig.Api<DirectWriter>().DeleteAsync(Rig.Principal, leeds.Id, null, CancellationToken.None);
        Engine.Models.Script = OracleModel.Answer;

        await Rig.Api<DeadLetters>().ReplayAsync(Rig.Principal, said.Event, CancellationToken.None);
        await WorkAsync();

        Assert.Empty(await ContentsAsync());
        Assert.Equal("changed or deleted since it was said", Assert.Single((await Engine.EventAsync(said)).Results).Reason);
    }

    [Fact]
    public async Task While_one_of_two_waits_to_be_replayed_the_event_is_not_done()
    {
        Appended said = await Engine.SayAsync("alice", $"Remember {Poison}: FACT color=red.", $"Remember {Poison}: FACT color=blue.");
        await WorkAsync();
        Engine.Models.Script = OracleModel.Answer;
        await Rig.Api<DeadLetters>().ReplayAsync(Rig.Principal, said.Event, CancellationToken.None);

        await Rig.ApplyAsync((await Rig.Worker<LaneStore>().ClaimAsync(CancellationToken.None))!);

        IngestionEvent half = await Engine.EventAsync(said);
        Assert.Equal((EventStatus.Pending, (DateTimeOffset?)null), (half.Status, half.CompletedAt));
    }

    [Fact]
    public async Task A_letter_that_another_version_wrote_is_read_from_the_episodes_instead()
    {
        Appended said = await Engine.SayAsync("alice", $"Remember {Poison}: FACT color=red.");
        await WorkAsync();
        await Rig.Database.ExecuteAsync("update dead_letters set payload = 'not JSON'");
        Engine.Models.Script = OracleModel.Answer;

        await Rig.Api<DeadLetters>().ReplayAsync(Rig.Principal, said.Event, CancellationToken.None);
        await WorkAsync();

        Assert.Equal(["User's color is red"], await ContentsAsync());
    }

    [Fact]
    public async Task Two_dead_letters_of_an_event_are_replayed_in_their_order()
    {
        Appended said = await Engine.SayAsync("alice", $"Remember {Poison}: FACT color=red.", $"Remember {Poison}: FACT color=blue.");
        await WorkAsync();
        Engine.Models.Script = OracleModel.Answer;

        Assert.Equal(2, await Rig.Api<DeadLetters>().ReplayAsync(Rig.Principal, said.Event, CancellationToken.None));
        await WorkAsync();

        Assert.Equal(["User's color is blue"], await ContentsAsync());
        Assert.Equal(EventStatus.Succeeded, (await Engine.EventAsync(said)).Status);
    }

    [Fact]
    public async Task What_did_not_fail_is_not_replayed()
    {
        Appended said = await Engine.SayAsync("alice", "Remember this: FACT good=yes.");
        await WorkAsync();

        await Assert.ThrowsAsync<ConflictingWriteException>(() => Rig.Api<DeadLetters>().ReplayAsync(Rig.Principal, said.Event, CancellationToken.None));
        await Assert.ThrowsAsync<NotFoundException>(() => Rig.Api<DeadLetters>().ReplayAsync(Rig.Principal, new EventId(Guid.NewGuid()), CancellationToken.None));
    }

    [Fact]
    public async Task Nobody_replays_what_is_not_theirs_to_see()
    {
        Appended said = await Engine.SayAsync("alice", $"Remember {Poison}: FACT bad=yes.");
        await WorkAsync();
        Principal bob = Rig.Principal with { Subject = new Owner(OwnerKind.User, "bob") };

        await Assert.ThrowsAsync<NotFoundException>(() => Rig.Api<DeadLetters>().ReplayAsync(bob, said.Event, CancellationToken.None));
    }
}
