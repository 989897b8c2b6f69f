using Memory.Core.LongTerm;
using Memory.Core.ShortTerm;
using Microsoft.Extensions.Options;

namespace Memory.Core.Retrieval;

/// <summary>Reads what is worth ranking of what the stages found: the few best of each kind, whatever else matched.</summary>
public sealed class CandidateStage(MemoryScores memoryScores, TurnScores turnScores, TurnSearch turns, IOptions<RetrievalOptions> options)
{
    public async Task<Candidates> ReadAsync(
        IOwnerMemories memories, Question question, SearchFinds found, IReadOnlyList<TiedMemory> tied, IReadOnlyList<Turn> window,
        CancellationToken cancellationToken)
    {
        int limit = LimitOf(question.Request);
        MemoryFinds worth = memoryScores.WorthReading(found.Memories, tied, limit);
        TurnFinds turnsWorth = turnScores.WorthReading(found.Turns, options.Value.TurnCandidates + limit);
        Task<IReadOnlyList<RecalledTurn>> said = turns.ReadAsync(question.Lane, question.Request.Scope, turnsWorth.Seqs, cancellationToken);
        ReadMemories remembered = await memories.ReadAsync(question.OfMemories("", limit), worth.All, cancellationToken);
        return new Candidates(worth, remembered, turnsWorth, await said, window.Select(turn => turn.Seq).ToHashSet());
    }

    internal int LimitOf(RecallRequest request) => Math.Max(request.Limit, options.Value.Candidates);
}
