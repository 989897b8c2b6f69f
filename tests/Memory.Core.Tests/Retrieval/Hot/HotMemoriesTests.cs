using System.Text.Json;
using Memory.Core.LongTerm;
using Memory.Core.Retrieval;
using Memory.Core.Retrieval.Hot;
using Memory.Core.Tests.LongTerm.Filters;
using Memory.Models.Builtin;
using Memory.Testing;
using Microsoft.Extensions.Options;

namespace Memory.Core.Tests.Retrieval.Hot;

/// <summary>Memories in the process answer what Postgres answers.</summary>
public sealed class HotMemoriesTests : IAsyncLifetime
{
    private readonly StoppedClock _clock = new();
    private CoreRig _rig = null!;

    public async Task InitializeAsync() => _rig = await CoreRig.StartAsync(configure: _clock.AddTo);

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Every_question_is_answered_as_Postgres_answers_it(int seed)
    {
        var owner = new RandomOwner(_rig, "alice", seed);
        await owner.FillAsync(bulk: 300, written: 60);
        Assert.True(await _rig.Api<HotOwners>().LoadAsync(owner.Written.Lane, CancellationToken.None));
        IOwnerMemories hot = (await _rig.Api<HotOwners>().FindAsync(owner.Written.Lane, CancellationToken.None))!;
        IOwnerMemories stored = _rig.Api<StoredMemories>();
        RandomFilters filters = await owner.FiltersAsync();
        (int found, int some) = (0, 0);

        for (var i = 0; i < 60; i++)
        {
            MemoryQuestion question = owner.Question(limit: i % 3 == 0 ? 7 : 50);
            int all = await AssertSameAsync(hot, stored, question);
            int filtered = await AssertSameAsync(hot, stored, question with { Filter = filters.Next() });
            found += all;
            some += filtered > 0 && filtered < all ? 1 : 0;
        }

        Assert.InRange(found, 100, 10_000);
        Assert.InRange(some, 3, 60);
    }

    [Fact]
    public async Task A_whole_recall_is_the_same()
    {
        var owner = new RandomOwner(_rig, "alice", 3);
        await owner.FillAsync(bulk: 200, written: 40);
        await using EngineHost cold = await ColdAsync();
        Assert.True(await _rig.Api<HotOwners>().LoadAsync(owner.Written.Lane, CancellationToken.None));

        var compared = 0;
        for (var i = 0; i < 20; i++)
        {
            RecallRequest request = owner.Request();
            Recall fast = await _rig.Api<RecallPipeline>().RecallAsync(_rig.Principal, request, CancellationToken.None);
            Recall slow = await cold.Get<RecallPipeline>().RecallAsync(_rig.Principal, request, CancellationToken.None);

            Assert.Equal(1, fast.Stages.Single(stage => stage.Stage == RecallStage.Owner).Candidates);
            Assert.Equal(0, slow.Stages.Single(stage => stage.Stage == RecallStage.Owner).Candidates);
            Assert.NotEmpty(fast.Items);
            // What a busy machine is late with is left out by design.
            if (fast.Degraded.Count + slow.Degraded.Count > 0)
                continue;
            AssertSame(slow, fast);
            compared++;
        }

        Assert.InRange(compared, 10, 20);
    }

    [Fact]
    public async Task A_word_that_very_many_have_finds_nothing_by_itself_in_either()
    {
        var owner = new RandomOwner(_rig, "alice", 6);
        await using (var copied = new BulkMemories(_rig.Database.Owner, _rig.Principal.Project))
        {
            await copied.LoadAsync(
                [.. Enumerable.Range(0, LexicalHit.MostDocuments + 20).Select(number => $"tea {(number % 50 == 0 ? "lantern" : "")} {number}")
                    .Select(text => new BulkMemory("alice", text, HashedEmbeddings.Embed(text)))],
                CancellationToken.None);
        }

        await _rig.Api<HotOwners>().LoadAsync(owner.Written.Lane, CancellationToken.None);
        IOwnerMemories hot = (await _rig.Api<HotOwners>().FindAsync(owner.Written.Lane, CancellationToken.None))!;
        MemoryQuestion question = owner.Question(10) with { Scope = owner.Written.Scope, Collection = null, Words = ["lantern", "tea"] };

        Assert.Empty((await hot.SearchAsync(question with { Words = ["tea"] }, CancellationToken.None)).Worded);
        IReadOnlyList<LexicalHit<MemoryId>> both = (await hot.SearchAsync(question, CancellationToken.None)).Worded;
        Assert.Equal((LexicalHit.MostDocuments + 20 + 49) / 50, both.Count);
        Assert.All(both, hit => Assert.Equal([1, 1], hit.Times.ToArray()));
        await AssertSameAsync(hot, _rig.Api<StoredMemories>(), question);
    }

    [Fact]
    public async Task What_expires_is_gone_the_day_after_by_the_databases_date()
    {
        DateOnly today = DateOnly.FromDateTime(DateTime.UtcNow);
        var owner = new RandomOwner(_rig, "alice", 4);
        MemoryId id = await owner.Written.AddAsync(LongTerm.HandWritten.Fact("The parcel comes today") with { ExpiresOn = today });
        OwnerImage image = (await Reader().ReadAsync(owner.Written.Lane, CancellationToken.None))!;
        MemoryQuestion question = owner.Question(5) with { Scope = owner.Written.Scope, Collection = null, Words = ["parcel"] };

        ReadMemories then = await new HotMemories(image, _rig.Api<VectorSpace>(), today).ReadAsync(question, [id], CancellationToken.None);
        ReadMemories later = await new HotMemories(image, _rig.Api<VectorSpace>(), today.AddDays(1)).ReadAsync(question, [id], CancellationToken.None);
        MemoryHits found = await new HotMemories(image, _rig.Api<VectorSpace>(), today.AddDays(1)).SearchAsync(question, CancellationToken.None);

        Assert.Single(then.Memories);
        Assert.Empty(later.Memories);
        Assert.Empty(found.Near);
        Assert.Empty(found.Worded);
    }

    [Fact]
    public async Task A_vector_of_another_length_is_refused_as_Postgres_refuses_it()
    {
        var owner = new RandomOwner(_rig, "alice", 5);
        await owner.Written.AddAsync(LongTerm.HandWritten.Fact("User likes tea"));
        await _rig.Api<HotOwners>().LoadAsync(owner.Written.Lane, CancellationToken.None);
        IOwnerMemories hot = (await _rig.Api<HotOwners>().FindAsync(owner.Written.Lane, CancellationToken.None))!;

        await Assert.ThrowsAsync<VectorSpaceException>(() => hot.SearchAsync(owner.Question(5) with { Vector = new float[] { 1 } }, CancellationToken.None));
    }

    internal static void AssertSame(Recall expected, Recall actual)
    {
        Assert.Equal(expected.Items.Select(item => item.Id), actual.Items.Select(item => item.Id));
        foreach ((RecallItem one, RecallItem other) in expected.Items.Zip(actual.Items))
        {
            Assert.Equal(one.Score, other.Score, 1e-6);
            Assert.Equal(one.ConflictsWith.Order(MemoryIds), other.ConflictsWith.Order(MemoryIds));
            Assert.Equal(JsonSerializer.Serialize(one.Record), JsonSerializer.Serialize(other.Record));
        }
    }

    private static readonly Comparer<MemoryId> MemoryIds = Comparer<MemoryId>.Create((one, other) => one.Value.CompareTo(other.Value));

    private static async Task<int> AssertSameAsync(IOwnerMemories hot, IOwnerMemories stored, MemoryQuestion question)
    {
        MemoryHits expected = await stored.SearchAsync(question, CancellationToken.None);
        MemoryHits actual = await hot.SearchAsync(question, CancellationToken.None);
        Assert.Equal(expected.Near, actual.Near);
        Assert.Equal(expected.Corpus, actual.Corpus);
        Assert.Equal(Lines(expected.Worded), Lines(actual.Worded));

        IReadOnlyList<TiedMemory> tied = await hot.TiedAsync(question, CancellationToken.None);
        Assert.Equal(await stored.TiedAsync(question, CancellationToken.None), tied);

        MemoryId[] found = [.. expected.Near.Select(near => near.Id).Concat(expected.Worded.Select(hit => hit.Document)).Concat(tied.Select(one => one.Id)).Distinct()];
        ReadMemories read = await hot.ReadAsync(question, found, CancellationToken.None);
        ReadMemories asked = await stored.ReadAsync(question, found, CancellationToken.None);
        Assert.Equal(Lines(asked), Lines(read));
        Assert.Equal(
            asked.Contradictions.Select(one => (one.Other.Id, one.Memory)).GroupBy(pair => pair.Id, (id, pairs) => (id, string.Join(',', pairs.Select(pair => pair.Memory).Order(MemoryIds)))),
            read.Contradictions.Select(one => (one.Other.Id, one.Memory)).GroupBy(pair => pair.Id, (id, pairs) => (id, string.Join(',', pairs.Select(pair => pair.Memory).Order(MemoryIds)))));
        return found.Length;
    }

    private static IEnumerable<string> Lines(IReadOnlyList<LexicalHit<MemoryId>> hits) =>
        hits.Select(hit => $"{hit.Document} {string.Join(',', hit.Times.ToArray())} {hit.Length}").Order(StringComparer.Ordinal);

    private static IEnumerable<string> Lines(ReadMemories read) =>
        read.Memories.Select(memory => JsonSerializer.Serialize(memory)).Order(StringComparer.Ordinal);

    private ImageReader Reader() =>
        new(_rig.Api<Memory.Core.Storage.MemoryDb>(), _rig.Api<VectorSpace>(), Options.Create(new HotOwnersOptions()));

    private async Task<EngineHost> ColdAsync() => new(
        _rig.Database.Api, (await TestServers.SharedAsync()).Redis, _clock.AddTo, new Dictionary<string, string?> { ["Memory:HotOwners:Megabytes"] = "0" });
}
