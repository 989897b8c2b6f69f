using Memory.Core.LongTerm;
using Memory.Core.LongTerm.Filters;

namespace Memory.Core.Retrieval;

/// <summary>
/// An owner's memories as they were at another moment, for one recall. Who is tied to whom, what contradicted and what was
/// used are known for now alone.
/// </summary>
internal sealed class MemoriesOfMoment(PastMemories past, PastKeywords keywords, MomentInTime moment) : IOwnerMemories
{
    private readonly Dictionary<MemoryId, MemoryRecord> _found = [];

    public async Task<MemoryHits> SearchAsync(MemoryQuestion question, CancellationToken cancellationToken)
    {
        List<Neighbour> near = question.Vector is { } vector
            ? await past.NearestAsync(question.Lane, question.Scope, question.Collection, moment, vector, question.Limit, question.Filter, cancellationToken)
            : [];
        (IReadOnlyList<LexicalHit<MemoryRecord>> worded, long corpus) = question.Words.Count == 0 ? ([], 0)
            : await keywords.SearchAsync(question.Lane, question.Scope, question.Collection, moment, question.Words, question.Filter, cancellationToken);
        foreach (MemoryRecord record in near.Select(neighbour => neighbour.Record).Concat(worded.Select(hit => hit.Document)))
            _found[record.Id] = record;
        return new MemoryHits(
            [.. near.Select(neighbour => new NearMemory(neighbour.Record.Id, neighbour.Similarity))],
            [.. worded.Select(hit => new LexicalHit<MemoryId>(hit.Document.Id, hit.Times, hit.Length))],
            LexicalHit.Documents(worded, question.Words.Count), corpus);
    }

    public Task<IReadOnlyList<TiedMemory>> TiedAsync(MemoryQuestion question, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<TiedMemory>>([]);

    public Task<ReadMemories> ReadAsync(MemoryQuestion question, IReadOnlyCollection<MemoryId> memories, CancellationToken cancellationToken) =>
        Task.FromResult(new ReadMemories(
            [.. memories.Where(_found.ContainsKey).Select(id => _found[id])
                .Where(record => MemoryNarrowing.Matches(record, question.Scope, question.Collection, question.Filter))
                .Select(record => new UsedMemory(record, null))],
            []));
}
