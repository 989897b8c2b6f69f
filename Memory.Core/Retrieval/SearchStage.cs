namespace Memory.Core.Retrieval;

/// <summary>What meaning and words found.</summary>
public sealed record SearchFinds(MemoryHits Memories, TurnHits Turns)
{
    internal int Count => Memories.Near.Count + Memories.Worded.Count + Turns.Worded.Count;
}

/// <summary>
/// The second stage: memories by meaning and by words, in one trip, and beside it verbatim turns by words, where the request
/// asks for them.
/// </summary>
public sealed class SearchStage(TurnSearch turns)
{
    public async Task<SearchFinds> SearchAsync(IOwnerMemories memories, MemoryQuestion question, RecallRequest request, CancellationToken cancellationToken)
    {
        Task<TurnHits> said = request.Turns
            ? turns.SearchAsync(question.Lane, request.Scope, question.Words, cancellationToken)
            : Task.FromResult(TurnHits.None);
        MemoryHits remembered = await memories.SearchAsync(question, cancellationToken);
        return new SearchFinds(remembered, await said);
    }
}
