using Memory.Core.Episodic;
using Memory.Core.History;
using Memory.Core.Ingestion;
using Memory.Core.Ingestion.Forgetting;
using Memory.Core.Lanes;
using Memory.Core.LongTerm;
using Memory.Core.Retrieval;
using Memory.Core.Retrieval.Hot;
using Memory.Core.Tests.LongTerm;
using Memory.Testing;

namespace Memory.Core.Tests.Retrieval.Hot;

public sealed class HotOwnersTests : IAsyncLifetime
{
    private static readonly IReadOnlyDictionary<string, string?> s_oneMegabyte = new Dictionary<string, string?> { ["Memory:HotOwners:Megabytes"] = "1" };

    private CoreRig _rig = null!;
    private HandWritten _written = null!;

    private HotOwners Owners => _rig.Api<HotOwners>();

    public async Task InitializeAsync()
    {
        _rig = await CoreRig.StartAsync(configure: new StoppedClock().AddTo);
        _written = new HandWritten(_rig, "alice");
    }

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    public static TheoryData<string> Writes => ["said", "changed", "deleted", "forgotten", "undone", "settled", "tended"];

    [Theory]
    [MemberData(nameof(Writes))]
    public async Task After_a_write_nothing_is_answered_from_before_it(string write)
    {
        MemoryId id = await _written.AddAsync(HandWritten.Fact("User lives in Leeds", attribute: "home"));
        EventId last = await _written.ApplyAsync(new MemoryOperation.Add(new MemoryId(Guid.CreateVersion7()), HandWritten.Fact("User likes the tea of Leeds"), "said"));
        await _written.ContradictAsync(HandWritten.Fact("User was born on 3 May"), HandWritten.Fact("User was born on 4 May"));
        await _rig.Api<EpisodeLog>().AppendAsync(
            _rig.Principal, MemoryScope.Create(userId: "alice", runId: "c"), [new NewMessage("user", "I work as a nurse.")], IngestionRequest.Plain, CancellationToken.None);
        await _rig.DrainAsync();
        await Owners.LoadAsync(_written.Lane, CancellationToken.None);
        Assert.NotNull(await Owners.FindAsync(_written.Lane, CancellationToken.None));

        await WriteAsync(write, id, last);
        Recall found = await RecallAsync();

        Assert.Equal(0, found.Stages.Single(stage => stage.Stage == RecallStage.Owner).Candidates);
        Assert.Equal(0, Owners.Bytes);
        await Owners.LoadAsync(_written.Lane, CancellationToken.None);
        Recall again = await RecallAsync();
        Assert.Equal(1, again.Stages.Single(stage => stage.Stage == RecallStage.Owner).Candidates);
        HotMemoriesTests.AssertSame(found, again);
    }

    [Fact]
    public async Task Who_is_asked_twice_with_nothing_written_in_between_is_at_hand_the_third_time()
    {
        await _written.AddAsync(HandWritten.Fact("User lives in Leeds"));
        await RecallAsync();
        await RecallAsync();

        await Owners.LoadNextAsync(CancellationToken.None);

        Assert.Equal(1, (await RecallAsync()).Stages.Single(stage => stage.Stage == RecallStage.Owner).Candidates);
    }

    [Fact]
    public void Who_is_written_to_between_any_two_questions_is_never_read_as_a_whole_and_who_waits_waits_once()
    {
        var asked = new AskedOwners(2, TimeProvider.System);

        for (var version = 0; version < 5; version++)
            asked.Note(_written.Lane, version);
        Assert.Equal(0, asked.Waiting.Count);

        for (var i = 0; i < 5; i++)
            asked.Note(_written.Lane, 4);
        for (var i = 0; i < 5; i++)
            asked.Note(_written.Lane, 5);
        Assert.Equal(1, asked.Waiting.Count);
    }

    [Fact]
    public async Task Images_take_no_more_than_they_may_and_who_was_asked_longest_ago_goes_first()
    {
        await using CoreRig rig = await CoreRig.StartAsync(settings: s_oneMegabyte);
        Lane[] lanes = [await FillAsync(rig, "one", 160), await FillAsync(rig, "two", 160), await FillAsync(rig, "three", 160)];
        Lane large = await FillAsync(rig, "large", 600);
        HotOwners owners = rig.Api<HotOwners>();

        Assert.True(await owners.LoadAsync(lanes[0], CancellationToken.None));
        Assert.True(await owners.LoadAsync(lanes[1], CancellationToken.None));
        Assert.NotNull(await owners.FindAsync(lanes[0], CancellationToken.None));
        Assert.True(await owners.LoadAsync(lanes[2], CancellationToken.None));

        Assert.False(await owners.LoadAsync(large, CancellationToken.None));
        Assert.InRange(owners.Bytes, 2 * 160 * 2_048, 1_048_576);
        Assert.NotNull(await owners.FindAsync(lanes[0], CancellationToken.None));
        Assert.Null(await owners.FindAsync(lanes[1], CancellationToken.None));
        Assert.NotNull(await owners.FindAsync(lanes[2], CancellationToken.None));
    }

    [Fact]
    public async Task Who_has_more_than_are_kept_is_not_kept()
    {
        await using CoreRig rig = await CoreRig.StartAsync(settings: new Dictionary<string, string?> { ["Memory:HotOwners:MostMemories"] = "10" });

        Assert.True(await rig.Api<HotOwners>().LoadAsync(await FillAsync(rig, "small", 10), CancellationToken.None));
        Assert.False(await rig.Api<HotOwners>().LoadAsync(await FillAsync(rig, "large", 11), CancellationToken.None));
    }

    [Fact]
    public async Task Nobody_else_is_answered_from_an_image()
    {
        await _written.AddAsync(HandWritten.Fact("User lives in Leeds"));
        var agent = new Lane(_written.Lane.Project, new Owner(OwnerKind.Agent, "alice"));
        var elsewhere = new Lane(new ProjectId(Guid.CreateVersion7()), _written.Lane.Owner);

        await Owners.LoadAsync(_written.Lane, CancellationToken.None);

        Assert.NotNull(await Owners.FindAsync(_written.Lane, CancellationToken.None));
        foreach (Lane other in (Lane[])[agent, elsewhere])
        {
            Assert.Null(await Owners.FindAsync(other, CancellationToken.None));
            Assert.False(await Owners.LoadAsync(other, CancellationToken.None));
        }
    }

    private static async Task<Lane> FillAsync(CoreRig rig, string user, int count)
    {
        var memories = new SearchedMemories(rig, user, new Random(1));
        await memories.AddAsync(Enumerable.Range(0, count).Select(_ => memories.Dense()));
        return memories.Lane;
    }

    private Task<Recall> RecallAsync() => _rig.Api<RecallPipeline>().RecallAsync(
        _rig.Principal, new RecallRequest(_written.Scope, "Where does the user live, in Leeds? Born in May?", 10, Threshold: 0), CancellationToken.None);

    private async Task WriteAsync(string write, MemoryId id, EventId last)
    {
        switch (write)
        {
            case "said":
                await _rig.Api<EpisodeLog>().AppendAsync(
                    _rig.Principal, _written.Scope, [new NewMessage("user", "I am allergic to peanuts.")], IngestionRequest.Plain, CancellationToken.None);
                await _rig.DrainAsync();
                break;
            case "changed":
                await _rig.Api<DirectWriter>().UpdateAsync(_rig.Principal, id, new MemoryChange("User lives in Porto"), null, CancellationToken.None);
                break;
            case "deleted":
                await _rig.Api<DirectWriter>().DeleteAsync(_rig.Principal, id, null, CancellationToken.None);
                break;
            case "forgotten":
                await _rig.Api<Forgetter>().ForgetAsync(_rig.Principal, _written.Scope, new ForgetRequest("Leeds", IsEntity: true), null, CancellationToken.None);
                break;
            case "undone":
                await _rig.Api<TakingBack>().UndoAsync(_rig.Principal, last, null, CancellationToken.None);
                break;
            case "settled":
                MemoryConflict open = Assert.Single(await _rig.Api<ConflictLog>().OpenAsync(_written.Lane, 10, CancellationToken.None));
                await _rig.Api<ConflictSettler>().ResolveAsync(_rig.Principal, open.Id, ConflictResolution.BothTrue, null, CancellationToken.None);
                break;
            default:
                await _rig.Database.ExecuteAsync("update conversations set last_at = '-infinity'");
                await _rig.Database.ExecuteAsync("update lanes set tend_at = now()");
                await _rig.TendAsync();
                break;
        }
    }
}
