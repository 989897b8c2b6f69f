using Memory.Core.LongTerm;
using Microsoft.Extensions.Options;

namespace Memory.Core.Retrieval;

/// <summary>What the stages found of memories, by id, before any is read.</summary>
/// <param name="Near">Cosine similarity, -1..1.</param>
/// <param name="Share">Of the question's weight in words; 1: all of it.</param>
/// <param name="Tied">Hops from what is named.</param>
public sealed record MemoryFinds(
    IReadOnlyDictionary<MemoryId, double> Near, IReadOnlyDictionary<MemoryId, double> Share, IReadOnlyDictionary<MemoryId, int> Tied)
{
    internal IReadOnlyCollection<MemoryId> All { get; } = [.. Near.Keys.Concat(Share.Keys).Concat(Tied.Keys).Distinct()];
}

/// <summary>
/// How relevant a memory is, 0..1, meaning the same for every question: independent evidence adds up as probabilities do
/// (noisy or), so an answer found twice beats one found once, and nothing exceeds 1. Time moves the odds; importance, recency
/// of use and confidence have a share each and never more.
/// </summary>
public sealed class MemoryScores(IOptions<RankingOptions> options, TimeProvider clock)
{
    /// <summary>Share of the question's words at which they are half as good as all.</summary>
    private const double HalfShare = 0.5;

    private readonly RankingOptions _weigh = options.Value;
    private readonly Bm25 _bm25 = new(options.Value.TermSaturation, options.Value.LengthShare, options.Value.MemoryLength);

    /// <summary>The best of each kind of find: what else was found is not worth reading.</summary>
    public MemoryFinds WorthReading(MemoryHits hits, IReadOnlyList<TiedMemory> tied, int limit)
    {
        double[] shares = _bm25.Shares(hits.Worded, hits.Documents, hits.Corpus);
        IEnumerable<(MemoryId Id, double Share)> worded = hits.Worded.Zip(shares, (hit, share) => (hit.Document, share))
            .OrderByDescending(hit => hit.share).ThenByDescending(hit => hit.Document.Value).Take(limit);
        return new MemoryFinds(
            hits.Near.ToDictionary(near => near.Id, near => near.Similarity),
            worded.ToDictionary(hit => hit.Id, hit => hit.Share),
            tied.ToDictionary(memory => memory.Id, memory => memory.Hops));
    }

    /// <param name="turnScores">Of turns that were found, by their number: a memory gains from what it was distilled from.</param>
    public IEnumerable<RecallItem> Score(
        IReadOnlyList<UsedMemory> memories, MemoryFinds found, Question question, IReadOnlyDictionary<long, double> turnScores)
    {
        HashSet<MemoryId> beside = question.Whom.Beside([.. memories.Select(memory => memory.Record)]);
        return memories.Select(memory => Score(memory, beside.Contains(memory.Record.Id), found, question, turnScores));
    }

    private RecallItem Score(
        UsedMemory memory, bool isBeside, MemoryFinds found, Question question, IReadOnlyDictionary<long, double> turnScores)
    {
        MemoryRecord record = memory.Record;
        var stages = new Dictionary<string, double>(StringComparer.Ordinal);
        Note(RecallStage.Keyword, found.Share.TryGetValue(record.Id, out double share) ? share / (share + HalfShare) : 0);
        Note(RecallStage.Semantic, found.Near.TryGetValue(record.Id, out double similarity) ? Calibrate(similarity) : 0);
        Note(RecallStage.Entities, found.Tied.TryGetValue(record.Id, out int hops) ? 1.0 / (1 + hops) : 0);
        double source = record.SourceSeqs.Select(seq => turnScores.GetValueOrDefault(seq)).DefaultIfEmpty(0).Max();
        double doubt = (1 - _weigh.Keyword * stages.GetValueOrDefault(RecallStage.Keyword))
            * (1 - _weigh.Semantic * stages.GetValueOrDefault(RecallStage.Semantic))
            * (1 - (question.Words.Count == 0 ? _weigh.EntityAlone : _weigh.Entity) * stages.GetValueOrDefault(RecallStage.Entities))
            * (1 - _weigh.Source * source);
        double timely = (question.Time.IsWanted && TimeAsked.SaysWhen(record.Content) ? 1 + _weigh.TimeWord : 1)
            * (1 + _weigh.Date * question.Time.Closeness(record.ValidFrom ?? record.UpdatedAt));
        double recency = Recency(memory);
        double lift = 1 - _weigh.Importance - _weigh.Recency - _weigh.Confidence
            + _weigh.Importance * record.Importance + _weigh.Recency * recency + _weigh.Confidence * record.Confidence;
        return new RecallItem(record, null, Moved(1 - doubt, timely * (isBeside ? _weigh.SomebodyElse : 1)) * lift, stages)
        {
            Signals = new Dictionary<string, double>(StringComparer.Ordinal)
            {
                [RecallSignal.Source] = source, [RecallSignal.Time] = timely, [RecallSignal.Importance] = record.Importance,
                [RecallSignal.Recency] = recency, [RecallSignal.Confidence] = record.Confidence,
                [RecallSignal.SomebodyElse] = isBeside ? 1 : 0,
            },
        };

        void Note(string stage, double score)
        {
            if (score > 0)
                stages[stage] = score;
        }
    }

    // However often it is recalled, it is at most as recent as now: being found once more does not make it found ever more.
    private double Recency(UsedMemory memory)
    {
        DateTimeOffset last = memory.LastRecalled > memory.Record.UpdatedAt ? memory.LastRecalled.Value : memory.Record.UpdatedAt;
        return Math.Pow(0.5, Math.Max(0, (clock.GetUtcNow() - last).TotalDays) / _weigh.HalfLifeDays);
    }

    private double Calibrate(double similarity) =>
        Math.Clamp((similarity - _weigh.SimilarityNoise) / (_weigh.SimilarityFull - _weigh.SimilarityNoise), 0, 1);

    /// <summary>A probability whose odds are multiplied.</summary>
    private static double Moved(double probability, double odds) => probability * odds / (1 + probability * (odds - 1));
}
