using Memory.Core.Episodic;
using Memory.Core.Ingestion;
using Memory.Core.LongTerm;
using Memory.Core.Retrieval;
using Memory.Core.Tests.LongTerm;
using Memory.Testing;

namespace Memory.Core.Tests.Retrieval;

public sealed class StaleTurnsTests : IAsyncLifetime
{
    private CoreRig _rig = null!;
    private HandWritten _written = null!;

    public async Task InitializeAsync()
    {
        _rig = await CoreRig.StartAsync();
        _written = new HandWritten(_rig, "ana");
    }

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    public async Task A_turn_whose_only_fact_was_superseded_does_not_come_back()
    {
        MemoryId id = await AddAsync("I live in Leeds.", "User lives in Leeds");
        await ChangeAsync(id, "I live in Porto now.", "User lives in Porto");

        Assert.Equal(["I live in Porto now."], await TurnsAsync("live"));
    }

    [Fact]
    public async Task A_turn_whose_only_fact_was_deleted_does_not_come_back_but_the_one_that_deleted_it_does()
    {
        MemoryId id = await AddAsync("I have a dog.", "User has a dog");
        long seq = await SayAsync("My dog has died.");
        await _written.ApplyAsync(new MemoryOperation.Delete(await _written.ReadAsync(id), HandWritten.Fact("dog died", seqs: seq), "said"));

        Assert.Equal(["My dog has died."], await TurnsAsync("dog"));
    }

    [Fact]
    public async Task A_turn_that_never_gave_a_fact_stays()
    {
        await SayAsync("The boiler hums at night.");

        Assert.Equal(["The boiler hums at night."], await TurnsAsync("boiler"));
    }

    [Fact]
    public async Task A_turn_of_two_facts_stays_while_one_of_them_holds()
    {
        long seq = await SayAsync("I live in Leeds with my dog.");
        MemoryId home = await _written.AddAsync(HandWritten.Fact("User lives in Leeds", seqs: seq));
        MemoryId dog = await _written.AddAsync(HandWritten.Fact("User has a dog", seqs: seq));
        await ChangeAsync(home, "I moved to Porto.", "User lives in Porto");
        Assert.Contains("I live in Leeds with my dog.", await TurnsAsync("live dog"));

        await _rig.Api<DirectWriter>().DeleteAsync(_rig.Principal, dog, null, CancellationToken.None);

        Assert.DoesNotContain("I live in Leeds with my dog.", await TurnsAsync("live dog"));
    }

    [Fact]
    public async Task A_turn_that_said_once_more_what_is_superseded_by_now_does_not_come_back()
    {
        MemoryId id = await AddAsync("I live in Leeds.", "User lives in Leeds");
        long again = await SayAsync("Yes, I live in Leeds.");
        await _written.ApplyAsync(new MemoryOperation.None(id, HandWritten.Fact("User lives in Leeds", seqs: again), "known") { IsRestated = true });
        Assert.Equal(2, (await TurnsAsync("live Leeds")).Count);

        await ChangeAsync(id, "I live in Porto now.", "User lives in Porto");

        Assert.Equal(["I live in Porto now."], await TurnsAsync("live"));
    }

    [Fact]
    public async Task In_one_batch_too_what_was_restated_before_the_change_is_stale()
    {
        long[] seqs = [await SayAsync("I live in Leeds."), await SayAsync("Yes, I live in Leeds."), await SayAsync("I live in Porto now.")];
        DateTimeOffset at = DateTimeOffset.UtcNow.AddHours(-1);
        var id = new MemoryId(Guid.CreateVersion7());
        Fact said = HandWritten.Fact("User lives in Leeds", at, null, seqs[0]);
        await _written.ApplyAsync(
            new MemoryOperation.Add(id, said, "said"),
            new MemoryOperation.None(id, said with { SourceSeqs = [seqs[1]], At = at.AddMinutes(1) }, "known") { IsRestated = true },
            new MemoryOperation.Update(
                Planned(id, said), HandWritten.Fact("User lives in Porto", at.AddMinutes(2), null, seqs[2]), "said"));

        Assert.Equal(["I live in Porto now."], await TurnsAsync("live"));
    }

    [Fact]
    public async Task New_metadata_does_not_make_a_turn_stale()
    {
        MemoryId id = await AddAsync("I live in Leeds.", "User lives in Leeds");
        long again = await SayAsync("Yes, I live in Leeds.");
        await _written.ApplyAsync(new MemoryOperation.None(id, HandWritten.Fact("User lives in Leeds", seqs: again), "known") { IsRestated = true });

        await _rig.Api<DirectWriter>().UpdateAsync(_rig.Principal, id, new MemoryChange(Metadata: """{"checked":true}"""), null, CancellationToken.None);

        Assert.Equal(2, (await TurnsAsync("live Leeds")).Count);
    }

    [Fact]
    public async Task What_contradicts_a_memory_is_no_source_of_it()
    {
        long one = await SayAsync("I was born on 3 May."), other = await SayAsync("I was born on 4 May.");
        (_, MemoryId wrong, _) = await _written.ContradictAsync(
            HandWritten.Fact("User was born on 3 May", seqs: one), HandWritten.Fact("User was born on 4 May", seqs: other));

        await _rig.Api<DirectWriter>().DeleteAsync(_rig.Principal, wrong, null, CancellationToken.None);

        Assert.Equal(["I was born on 3 May."], await TurnsAsync("born May"));
    }

    [Fact]
    public async Task A_summary_that_still_names_what_was_superseded_does_not_keep_its_turn()
    {
        long seq = await SayAsync("I live in Leeds.");
        MemoryId id = await _written.AddAsync(HandWritten.Fact("User lives in Leeds", seqs: seq));
        MemoryId summary = await _written.AddAsync(Summary("In the conversation: User lives in Leeds.", seq));
        await _written.ApplyAsync(new MemoryOperation.None(summary, Summary("In the conversation: User lives in Leeds.", seq), "known") { IsRestated = true });
        await ChangeAsync(id, "I live in Porto now.", "User lives in Porto");

        Assert.Equal(["I live in Porto now."], await TurnsAsync("live"));
    }

    [Fact]
    public async Task A_summary_that_goes_on_makes_no_turn_stale()
    {
        long seq = await SayAsync("The boiler hums at night.");
        MemoryId id = await _written.AddAsync(Summary("In the conversation: little.", seq));
        await _written.ApplyAsync(new MemoryOperation.Update(await _written.ReadAsync(id), Summary("In the conversation: more.", seq), "went on"));

        Assert.Equal(["The boiler hums at night."], await TurnsAsync("boiler"));
    }

    [Fact]
    public async Task What_is_rolled_back_comes_back_with_its_turn()
    {
        MemoryId id = await AddAsync("I live in Leeds.", "User lives in Leeds");
        await ChangeAsync(id, "I live in Porto now.", "User lives in Porto");

        await _rig.Api<TakingBack>().RollbackAsync(_rig.Principal, id, 1, null, CancellationToken.None);

        Assert.Equal(["I live in Leeds."], await TurnsAsync("live"));
    }

    private static Fact Summary(string content, long seq) => HandWritten.Fact(content, seqs: seq) with { Kind = MemoryKind.Summary };

    private static MemoryRecord Planned(MemoryId id, Fact fact) => new(
        id, new Owner(OwnerKind.User, "ana"), MemoryStore.DefaultCollection, 1, fact.Kind, null, fact.Content, ContentHash.HexOf(fact.Content),
        fact.Importance, fact.Confidence, fact.Trusted, [], null, [], [], [], null, null, fact.At, fact.At, fact.SourceSeqs);

    private async Task<long> SayAsync(string text) => (await _rig.Api<EpisodeLog>().AppendAsync(
        _rig.Principal, _written.Scope, [new NewMessage("user", text)], IngestionRequest.Plain, CancellationToken.None)).Turns[0].Seq;

    private async Task<MemoryId> AddAsync(string text, string content) => await _written.AddAsync(HandWritten.Fact(content, seqs: await SayAsync(text)));

    private async Task ChangeAsync(MemoryId id, string text, string content) => await _written.ApplyAsync(
        new MemoryOperation.Update(await _written.ReadAsync(id), HandWritten.Fact(content, seqs: await SayAsync(text)), "said"));

    private async Task<List<string>> TurnsAsync(string query)
    {
        Recall found = await _rig.Api<RecallPipeline>().RecallAsync(
            _rig.Principal, new RecallRequest(_written.Scope, query, 20, Turns: true), CancellationToken.None);
        return [.. found.Items.Where(item => item.Turn is not null).Select(item => item.Content)];
    }
}
