using Memory.Core.LongTerm;
using Memory.Core.LongTerm.Filters;
using Memory.Core.Storage;
using Memory.Testing;

namespace Memory.Core.Tests.LongTerm;

/// <summary>A search finds exactly what comparing every vector finds, as many as were asked for, whatever is left out.</summary>
public sealed class VectorStatementTests : IAsyncLifetime
{
    private const int Many = 1_500;
    private static readonly DateOnly s_yesterday = DateOnly.FromDateTime(DateTime.UtcNow.AddDays(-1));
    private CoreRig _exact = null!;

    public async Task InitializeAsync() => _exact = await CoreRig.StartAsync();

    public async Task DisposeAsync() => await _exact.DisposeAsync();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task It_finds_what_comparing_all_finds(int seed)
    {
        var random = new Random(seed);
        var alice = new SearchedMemories(_exact, "alice", random);
        var bob = new SearchedMemories(_exact, "bob", random);
        await alice.AddAsync(Enumerable.Range(0, random.Next(1, 400)).Select(_ => random.Next(2) == 0 ? alice.Sparse() : alice.Dense()));
        await bob.AddAsync(Enumerable.Range(0, 50).Select(_ => bob.Sparse()));

        foreach (int limit in new[] { 1, 7, alice.All.Count - 1, alice.All.Count + 5 }.Where(limit => limit > 0))
        {
            VectorQuestion question = alice.Question(limit);
            SearchedMemories.AssertExact(question, alice.All, await alice.AskAsync(question));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_expired_leaves_no_gap(bool bySigns)
    {
        await using CoreRig? large = bySigns ? await LargeFromTheStartAsync() : null;
        var alice = new SearchedMemories(large ?? _exact, "alice", new Random(5));
        VectorQuestion question = alice.Question(5);
        // The nearest of all have expired.
        BulkMemory[] nearest = [.. Enumerable.Range(0, 30).Select(_ => alice.Dense() with { Vector = question.Vector.ToArray(), ExpiresOn = s_yesterday })];
        await alice.AddAsync([.. nearest, .. Enumerable.Range(0, 40).Select(_ => alice.Sparse())]);
        await alice.AddAsync([alice.Sparse() with { ExpiresOn = s_yesterday.AddDays(10) }]);

        foreach (int limit in (int[])[5, 41, 100])
        {
            VectorQuestion asked = question with { Limit = limit };
            await alice.AskAsync(asked);
            SearchedMemories.AssertExact(asked, alice.All.Where(memory => memory.ExpiresOn != s_yesterday), await alice.AskAsync(asked));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_narrowed_leaves_no_gap(bool bySigns)
    {
        await using CoreRig? large = bySigns ? await LargeFromTheStartAsync() : null;
        var alice = new SearchedMemories(large ?? _exact, "alice", new Random(6));
        await alice.AddAsync(Enumerable.Range(0, 300).Select(i => alice.Sparse() with
        {
            Collection = i % 3 == 0 ? "shared" : MemoryStore.DefaultCollection,
            AgentIds = i % 5 == 0 ? ["coach", "tutor"] : ["tutor"],
            ExpiresOn = i % 7 == 0 ? s_yesterday : null,
            HasSigns = i % 2 == 0,
        }));
        VectorQuestion question = alice.Question(10) with { Collection = "shared" };
        await alice.AskAsync(question);

        foreach (int limit in (int[])[3, 10, 1_000])
        {
            VectorQuestion asked = question with { Limit = limit };
            IEnumerable<BulkMemory> shared = alice.All.Where(memory => memory.Collection == "shared" && memory.ExpiresOn is null);
            SearchedMemories.AssertExact(asked, shared, await alice.AskAsync(asked));

            asked = asked with { Scope = MemoryScope.Create("alice", agentId: "coach") };
            shared = shared.Where(memory => memory.AgentIds.Contains("coach"));
            SearchedMemories.AssertExact(asked, shared, await alice.AskAsync(asked));

            asked = asked with { Filter = new Among([.. shared.Take(4).Select(memory => memory.Id.Value)]) };
            SearchedMemories.AssertExact(asked, shared.Take(4), await alice.AskAsync(asked));
        }
    }

    [Fact]
    public async Task Vectors_of_another_model_are_no_answer()
    {
        var alice = new SearchedMemories(_exact, "alice", new Random(7));
        await alice.AddAsync([alice.Sparse(), alice.Sparse()]);
        await _exact.Database.ExecuteAsync("update memory_vectors set model = 'another' where memory_id = $1", alice.All[0].Id.Value);

        Assert.Equal(alice.All[1].Id, Assert.Single(await alice.AskAsync(alice.Question(10))).Id);
    }

    [Fact]
    public async Task A_vector_of_another_length_is_refused()
    {
        var alice = new SearchedMemories(_exact, "alice", new Random(8));

        await Assert.ThrowsAsync<VectorSpaceException>(() => alice.AskAsync(new VectorQuestion(alice.Lane, new float[] { 1, 0 }, 5)));
    }

    [Fact]
    public async Task Among_very_many_the_nearest_by_their_signs_are_compared_and_the_best_are_among_them()
    {
        await using CoreRig large = await LargeFromTheStartAsync(reranked: 300);
        var alice = new SearchedMemories(large, "alice", new Random(9));
        await alice.AddAsync(Enumerable.Range(0, Many).Select(i => (i % 2 == 0 ? alice.Sparse() : alice.Dense()) with { HasSigns = i % 50 != 0 }));
        await alice.AskAsync(alice.Question(1));

        int expected = 0, met = 0;
        for (var i = 0; i < 20; i++)
        {
            VectorQuestion question = alice.Question(10);
            IReadOnlyList<NearMemory> found = await alice.AskAsync(question);
            Assert.Equal(10, found.Count);
            Dictionary<MemoryId, double> similarities = alice.All.ToDictionary(memory => memory.Id, memory => SearchedMemories.Dot(question.Vector.Span, memory.Vector));
            Assert.All(found, near => Assert.Equal(similarities[near.Id], near.Similarity, 0.002));
            double least = similarities.Values.OrderDescending().ElementAt(9);
            expected += 10;
            met += found.Count(near => similarities[near.Id] >= least - 0.002);
        }

        Assert.InRange((double)met / expected, 0.97, 1);
    }

    [Fact]
    public async Task How_many_an_owner_has_is_counted_along_once()
    {
        await using CoreRig large = await LargeFromTheStartAsync(from: 20);
        var alice = new SearchedMemories(large, "alice", new Random(10));
        await alice.AddAsync(Enumerable.Range(0, 21).Select(_ => alice.Sparse()));
        var bob = new SearchedMemories(large, "bob", new Random(11));
        await bob.AddAsync(Enumerable.Range(0, 20).Select(_ => bob.Sparse()));
        PgVectorIndex index = large.Api<PgVectorIndex>();
        var carol = new SearchedMemories(large, "carol", new Random(12));
        Sql<NearMemory> before = index.Statement(carol.Question(3));

        await alice.AskAsync(alice.Question(3));
        await bob.AskAsync(bob.Question(3));

        Assert.DoesNotContain("<~>", before.Text, StringComparison.Ordinal);
        Assert.Equal(21, before.Arguments[6]);
        // Whoever has nothing to find is not counted at each search either.
        Assert.Equal(0, index.Statement(carol.Question(3)).Arguments[6]);
        Assert.Contains("<~>", index.Statement(alice.Question(3)).Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<~>", index.Statement(bob.Question(3)).Text, StringComparison.Ordinal);
        Assert.Equal(0, index.Statement(alice.Question(3)).Arguments[6]);
        Assert.Equal(0, index.Statement(bob.Question(3)).Arguments[6]);
    }

    private static Task<CoreRig> LargeFromTheStartAsync(int from = 1, int reranked = 100) => CoreRig.StartAsync(settings: new Dictionary<string, string?>
    {
        ["Memory:Vectors:SignsFrom"] = $"{from}",
        ["Memory:Vectors:Reranked"] = $"{reranked}",
    });

    private sealed record Among(Guid[] Ids) : MemoryFilter
    {
        public override string ToSql(SqlArguments arguments) => $"(m.id = any ({arguments.Add(Ids)}))";

        public override bool Matches(MemoryRecord record) => Ids.Contains(record.Id.Value);
    }
}
