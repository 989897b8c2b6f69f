using Memory.Core.History;
using Memory.Core.Ingestion;
using Memory.Core.LongTerm;
using Memory.Core.Retrieval;
using Memory.Core.Tests.LongTerm;
using Memory.Testing;

namespace Memory.Core.Tests.Retrieval;

public sealed class ConflictFlagsTests : IAsyncLifetime
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
    public async Task The_other_side_comes_right_after_though_the_question_did_not_find_it()
    {
        (MemoryId a, MemoryId b, _) = await ContradictAsync("The wedding is on Saturday", "Nothing happens before June");
        await _written.AddAsync(HandWritten.Fact("The wedding cake is ordered"));

        Recall found = await RecallAsync("wedding Saturday", 2);

        Assert.Equal([a, b], found.Items.Take(2).Select(item => item.Record!.Id));
        Assert.Equal([b], found.Items[0].ConflictsWith);
        Assert.Equal([a], found.Items[1].ConflictsWith);
        Assert.Equal([RecallStage.Conflicts], found.Items[1].Stages.Keys);
        Assert.Empty(found.Items[2].ConflictsWith);
    }

    [Fact]
    public async Task Once_settled_neither_is_flagged()
    {
        await ContradictAsync("The wedding is on Saturday", "The wedding is on Sunday");
        MemoryConflict open = Assert.Single(await _rig.Api<ConflictLog>().OpenAsync(_written.Lane, 10, CancellationToken.None));
        await _rig.Api<ConflictSettler>().ResolveAsync(_rig.Principal, open.Id, ConflictResolution.BothTrue, null, CancellationToken.None);

        Assert.All((await RecallAsync("wedding", 5)).Items, item => Assert.Empty(item.ConflictsWith));
        Assert.DoesNotContain("contradicts", (await AssembleAsync("wedding")).Block, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_side_that_another_agent_alone_knows_stays_unseen()
    {
        MemoryId mine = await _written.AddAsync(HandWritten.Fact("The wedding is on Saturday") with { AgentId = "chef" });
        Fact other = HandWritten.Fact("The wedding is on Sunday") with { AgentId = "tailor" };
        MemoryId theirs = await _written.AddAsync(other);
        await _written.ApplyAsync(new MemoryOperation.Conflict(mine, theirs, other, "neither wins"));

        Recall found = await _rig.Api<RecallPipeline>().RecallAsync(
            _rig.Principal, new RecallRequest(MemoryScope.Create(userId: "ana", agentId: "chef"), "wedding", 5), CancellationToken.None);

        Assert.Empty(Assert.Single(found.Items).ConflictsWith);
    }

    [Fact]
    public async Task A_context_says_both_sides_in_a_row_and_that_they_contradict()
    {
        await ContradictAsync("User was born on 3 May", "User was born on 4 May", days: 9);
        await _written.AddAsync(HandWritten.Fact("User works as a nurse", DateTimeOffset.UtcNow.AddDays(-3)));

        string[] lines = (await AssembleAsync("Which film?")).Block.Split('\n')[3..^1];

        Assert.Matches(@"^- \[[\d-]+, contradicts the next line: ask which is right\] User was born on 3 May$", lines[0]);
        Assert.Matches(@"^- \[[\d-]+, contradicts the line before\] User was born on 4 May$", lines[1]);
        Assert.Matches(@"^- \[[\d-]+\] User works as a nurse$", lines[2]);
    }

    [Fact]
    public async Task The_bytes_stay_the_same_whichever_side_was_asked_for()
    {
        await ContradictAsync("User was born on 3 May", "User was born on 4 May", days: 9);

        Assert.Equal((await AssembleAsync("born on 3 May")).Block, (await AssembleAsync("born on 4 May")).Block);
    }

    [Fact]
    public async Task A_budget_takes_both_sides_or_none()
    {
        string padding = string.Concat(Enumerable.Repeat(" and so on", 20));
        await ContradictAsync($"The wedding is on Saturday{padding}", $"The wedding is on Sunday{padding}", kind: MemoryKind.Event);

        Context small = await AssembleAsync("wedding", 150);
        Context large = await AssembleAsync("wedding", 500);

        Assert.Empty(small.Items);
        Assert.Equal(2, large.Items.Count);
    }

    private Task<(MemoryId A, MemoryId B, EventId Event)> ContradictAsync(string one, string other, int days = 0, string kind = MemoryKind.Profile)
    {
        DateTimeOffset at = DateTimeOffset.UtcNow.AddDays(-days).AddHours(-1);
        return _written.ContradictAsync(HandWritten.Fact(one, at) with { Kind = kind }, HandWritten.Fact(other, at.AddMinutes(1)) with { Kind = kind });
    }

    private Task<Recall> RecallAsync(string query, int limit) => _rig.Api<RecallPipeline>().RecallAsync(
        _rig.Principal, new RecallRequest(_written.Scope, query, limit, Threshold: 0), CancellationToken.None);

    private Task<Context> AssembleAsync(string query, int? budget = null) => _rig.Api<ContextAssembler>().AssembleAsync(
        _rig.Principal, new RecallRequest(_written.Scope, query, 20), budget, CancellationToken.None);
}
