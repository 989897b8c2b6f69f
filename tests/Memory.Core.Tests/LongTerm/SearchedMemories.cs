using Memory.Core.Lanes;
using Memory.Core.LongTerm;
using Memory.Core.Storage;
using Memory.Testing;

namespace Memory.Core.Tests.LongTerm;

/// <summary>One person's memories as they lie in the tables, and what a search among them must find: every one is compared here too.</summary>
internal sealed class SearchedMemories(CoreRig rig, string user, Random random)
{
    private const int Dimensions = 1_024;
    private readonly List<BulkMemory> _all = [];

    internal Lane Lane { get; } = new(rig.Principal.Project, new Owner(OwnerKind.User, user));

    internal IReadOnlyList<BulkMemory> All => _all;

    internal async Task AddAsync(IEnumerable<BulkMemory> memories)
    {
        List<BulkMemory> added = [.. memories];
        await using var bulk = new BulkMemories(rig.Database.Owner, rig.Principal.Project);
        await bulk.LoadAsync(added, CancellationToken.None);
        _all.AddRange(added);
    }

    /// <summary>Like texts: few of many features each, the same ones often.</summary>
    internal BulkMemory Sparse()
    {
        var vector = new float[Dimensions];
        for (var i = 0; i < 40; i++)
            vector[(int)(Math.Pow(random.NextDouble(), 3) * Dimensions)] += random.Next(2) * 2 - 1;
        vector[random.Next(Dimensions)] += 0.5f;
        return Memory(vector);
    }

    internal BulkMemory Dense() => Memory([.. Enumerable.Range(0, Dimensions).Select(_ => (float)(random.NextDouble() - 0.5))]);

    internal VectorQuestion Question(int limit) => new(Lane, Sparse().Vector, limit);

    internal async Task<IReadOnlyList<NearMemory>> AskAsync(VectorQuestion question)
    {
        var trip = new RoundTrip();
        List<NearMemory> found = trip.Add(rig.Api<PgVectorIndex>().Statement(question));
        await rig.Api<MemoryDb>().SendAsync(Lane.Project, trip, CancellationToken.None);
        return found;
    }

    /// <summary>As many as asked for or all that match, each as near as it is, and none left out that is nearer.</summary>
    internal static void AssertExact(VectorQuestion question, IEnumerable<BulkMemory> matching, IReadOnlyList<NearMemory> found)
    {
        // Half precision: the fourth digit may differ.
        const double Rounding = 0.002;
        Dictionary<MemoryId, double> similarities = matching.ToDictionary(memory => memory.Id, memory => Dot(question.Vector.Span, memory.Vector));
        double[] best = [.. similarities.Values.OrderDescending().Take(question.Limit)];
        Assert.Equal(best.Length, found.Count);
        Assert.Equal(found.Count, found.Select(near => near.Id).Distinct().Count());
        for (var i = 0; i < best.Length; i++)
        {
            Assert.Equal(best[i], found[i].Similarity, Rounding);
            Assert.Equal(similarities[found[i].Id], found[i].Similarity, Rounding);
        }

        Assert.Equal(found.OrderByDescending(near => near.Similarity).ThenBy(near => near.Id.Value), found);
    }

    internal static double Dot(ReadOnlySpan<float> one, ReadOnlySpan<float> other)
    {
        var sum = 0d;
        for (var i = 0; i < one.Length; i++)
            sum += (double)one[i] * other[i];
        return sum;
    }

    private BulkMemory Memory(float[] vector)
    {
        double length = Math.Sqrt(Dot(vector, vector));
        return new BulkMemory(user, $"Note {_all.Count} {random.Next()}", [.. vector.Select(value => (float)(value / length))]);
    }
}
