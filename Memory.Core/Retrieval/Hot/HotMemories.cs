using System.Buffers;
using Memory.Core.LongTerm;
using Memory.Core.LongTerm.Filters;

namespace Memory.Core.Retrieval.Hot;

/// <summary>
/// An owner's memories in this process's memory, for one recall that found them up to date: what
/// <see cref="StoredMemories"/> answers, in the same order, without a trip.
/// </summary>
/// <param name="today">By the database.</param>
internal sealed class HotMemories(OwnerImage image, VectorSpace space, DateOnly today) : IOwnerMemories
{
    public Task<MemoryHits> SearchAsync(MemoryQuestion question, CancellationToken cancellationToken)
    {
        IReadOnlyList<NearMemory> near = question.Vector is { } vector ? Near(question, vector.Span) : [];
        List<LexicalHit<MemoryId>> worded = [];
        image.Words.Find(
            question.Words, row => MayBeShown(question, row),
            (row, times, length) => worded.Add(new LexicalHit<MemoryId>(image.Record(row).Id, times, length)));
        return Task.FromResult(new MemoryHits(near, worded, image.Words.Documents(question.Words), Math.Min(image.Count, LexicalHit.CorpusCap)));
    }

    public Task<IReadOnlyList<TiedMemory>> TiedAsync(MemoryQuestion question, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<TiedMemory>>([.. image.Names.Tied(question.Names, question.Focus).Where(tied => MayBeShown(question, tied.Key))
            .OrderBy(tied => tied.Value).ThenByDescending(tied => image.Record(tied.Key).UpdatedAt).ThenBy(tied => tied.Key)
            .Take(question.Limit).Select(tied => new TiedMemory(image.Record(tied.Key).Id, tied.Value))]);

    public Task<ReadMemories> ReadAsync(MemoryQuestion question, IReadOnlyCollection<MemoryId> memories, CancellationToken cancellationToken)
    {
        List<int> rows = [.. memories.Select(image.RowOf).Where(row => row >= 0)];
        return Task.FromResult(new ReadMemories(
            [.. rows.Where(row => MayBeShown(question, row)).Select(row => new UsedMemory(image.Record(row), image.LastRecalled(row)))],
            [.. rows.SelectMany(row => image.Against(row).Where(HasNotExpired).Select(other => (Row: row, Other: other)))
                .OrderBy(pair => image.Record(pair.Other).CreatedAt).ThenBy(pair => pair.Other)
                .Select(pair => new Contradiction(image.Record(pair.Row).Id, image.Record(pair.Other)))]));
    }

    private NearMemory[] Near(MemoryQuestion question, ReadOnlySpan<float> vector)
    {
        space.Check(vector);
        float[] products = ArrayPool<float>.Shared.Rent(image.Vectors.Count);
        image.Vectors.Products(vector, products);
        var best = new Best(question.Limit);
        for (var i = 0; i < image.Vectors.Count; i++)
        {
            if (best.Wants(products[i]) && MayBeShown(question, image.RowOfVector(i)))
                best.Add(image.RowOfVector(i), products[i]);
        }

        ArrayPool<float>.Shared.Return(products);
        return [.. Enumerable.Range(0, best.Count).Select(place => new NearMemory(image.Record(best[place].Row).Id, best[place].Score))];
    }

    private bool MayBeShown(MemoryQuestion question, int row) =>
        HasNotExpired(row) && MemoryNarrowing.Matches(image.Record(row), question.Scope, question.Collection, question.Filter);

    private bool HasNotExpired(int row) => image.Record(row).ExpiresOn is not { } last || last >= today;
}
