using Microsoft.Extensions.Options;

namespace Memory.Core.Retrieval;

/// <summary>Everything that was found, read and ready to be ranked.</summary>
/// <param name="AtHand">Numbers of turns of the current conversation's window: they are not recalled once more.</param>
public sealed record Candidates(
    MemoryFinds Found, ReadMemories Memories, TurnFinds FoundTurns, IReadOnlyList<RecalledTurn> Turns, IReadOnlySet<long> AtHand)
{
    internal int Count => Memories.Memories.Count + Turns.Count;
}

/// <summary>
/// The last stage: one score of 0..1 for memories and turns alike, near-duplicates folded, nothing below the floor, the best
/// first. A score means the same for every question (<c>docs/decisions/0005-calibrated-scores.md</c>).
/// </summary>
public sealed class Ranker(MemoryScores memories, TurnScores turns, IOptions<RetrievalOptions> options)
{
    public IReadOnlyList<RecallItem> Rank(Candidates candidates, Question question)
    {
        IReadOnlyList<ScoredTurn> scoredTurns = turns.Score(candidates.FoundTurns, question, candidates.Turns);
        Dictionary<long, double> bySeq = scoredTurns.ToDictionary(turn => turn.Turn.Seq, turn => turn.Score);
        List<RecallItem> remembered = [.. memories.Score(candidates.Memories.Memories, candidates.Found, question, bySeq)];
        IEnumerable<RecallItem> said = scoredTurns.Where(turn => !candidates.AtHand.Contains(turn.Turn.Seq)).Select(turn => turn.ToItem());

        double floor = question.Request.Threshold ?? options.Value.RelevanceFloor;
        IEnumerable<RecallItem> relevant = Clear(remembered, question.Request).Concat(said)
            .Where(item => item.Score > 0 && item.Score >= floor)
            .OrderByDescending(item => item.Score).ThenByDescending(item => item.Id);
        return [.. NearDuplicates.Fold(relevant, candidates.Memories.Contradictions).Take(question.Request.Limit)];
    }

    // Where one memory answers, what is far behind it shares a word or two and no more. Whoever names a threshold wants all above it.
    private IEnumerable<RecallItem> Clear(List<RecallItem> remembered, RecallRequest request)
    {
        double least = request.Threshold is null ? options.Value.RelevantShare * remembered.Select(item => item.Score).DefaultIfEmpty(0).Max() : 0;
        return remembered.Where(item => item.Score >= least);
    }
}
