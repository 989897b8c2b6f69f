using Memory.Core.LongTerm;
using Microsoft.Extensions.Options;

namespace Memory.Core.Retrieval;

/// <summary>What the stages found, before it is ranked.</summary>
public sealed record Candidates(
    IReadOnlyList<Neighbour> Semantic,
    IReadOnlyList<(MemoryRecord Record, double Score)> Keyword,
    IReadOnlyList<MemoryRecord> Entities,
    IReadOnlyList<(RecalledTurn Turn, double Score)> Turns);

/// <summary>
/// Fuses the stages' scores to one of 0..1 that means the same for every question: independent evidence adds up as
/// probabilities do (noisy or), so an answer found twice beats one found once, and nothing exceeds 1.
/// </summary>
public sealed class Ranker(IOptions<RetrievalOptions> options, TimeProvider time)
{
    /// <summary>How far each kind of evidence is believed when it is at its best.</summary>
    private const double KeywordWeight = 0.8;
    private const double SemanticWeight = 0.9;
    private const double EntityWeight = 0.4;

    /// <summary>How much of a turn's score stays when it asks rather than tells, or when the assistant said it.</summary>
    private const double QuestionShare = 0.4;
    private const double AssistantShare = 0.6;

    /// <summary>Similarity that unrelated texts reach by chance, and that a paraphrase reaches.</summary>
    private const double SimilarityNoise = 0.25;
    private const double SimilarityFull = 0.8;

    /// <summary>How much of a score depends on importance and recency rather than on the question.</summary>
    private const double ImportanceShare = 0.1;
    private const double RecencyShare = 0.05;

    public IReadOnlyList<RecallItem> Rank(Candidates found, RecallRequest request)
    {
        var evidence = new Dictionary<MemoryId, (MemoryRecord Record, Dictionary<string, double> Stages)>();
        foreach (Neighbour neighbour in found.Semantic)
            Note(neighbour.Record, RecallStage.Semantic, Calibrate(neighbour.Similarity));
        foreach ((MemoryRecord record, double score) in found.Keyword)
            Note(record, RecallStage.Keyword, score);
        foreach (MemoryRecord record in found.Entities)
            Note(record, RecallStage.Entities, 1);

        IEnumerable<RecallItem> memories = evidence.Values
            // The stages search the owner.
            .Where(candidate => candidate.Record.IsIn(request.Scope))
            .Select(candidate => new RecallItem(candidate.Record, null, ScoreOf(candidate.Record, candidate.Stages), candidate.Stages));
        IEnumerable<RecallItem> turns = found.Turns.Select(scored => new RecallItem(
            null, scored.Turn, scored.Score * KeywordWeight * Testimony(scored.Turn), new Dictionary<string, double> { [RecallStage.Keyword] = scored.Score }));

        return [.. memories.Concat(turns)
            .Where(item => item.Score > 0 && item.Score >= request.Threshold)
            .OrderByDescending(item => item.Score).ThenByDescending(item => item.Id)
            .Take(request.Limit)];

        void Note(MemoryRecord record, string stage, double score)
        {
            if (score <= 0)
                return;
            if (!evidence.TryGetValue(record.Id, out var candidate))
                evidence[record.Id] = candidate = (record, new Dictionary<string, double>(StringComparer.Ordinal));
            candidate.Stages[stage] = score;
        }
    }

    private double ScoreOf(MemoryRecord record, Dictionary<string, double> stages)
    {
        double doubt = (1 - KeywordWeight * stages.GetValueOrDefault(RecallStage.Keyword))
            * (1 - SemanticWeight * stages.GetValueOrDefault(RecallStage.Semantic))
            * (1 - EntityWeight * stages.GetValueOrDefault(RecallStage.Entities));
        double recency = Math.Pow(0.5, Math.Max(0, (time.GetUtcNow() - record.UpdatedAt).TotalDays) / options.Value.HalfLifeDays);
        double lift = 1 - ImportanceShare - RecencyShare + ImportanceShare * record.Importance + RecencyShare * recency;
        return (1 - doubt) * lift;
    }

    private static double Testimony(RecalledTurn turn) =>
        (turn.Content.TrimEnd().EndsWith('?') ? QuestionShare : 1) * (turn.Role == "assistant" ? AssistantShare : 1);

    private static double Calibrate(double similarity) =>
        Math.Clamp((similarity - SimilarityNoise) / (SimilarityFull - SimilarityNoise), 0, 1);
}
