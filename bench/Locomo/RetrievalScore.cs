namespace Memory.Bench.Locomo;

/// <summary>How well one ranked list of turns covers a question's evidence; the mean of many has the same shape. All shares 0..1.</summary>
/// <param name="RecallAt5">Share of the evidence turns among the first five.</param>
/// <param name="AllAt10">One where every evidence turn is among the first ten, else zero.</param>
/// <param name="Mrr">One over the place of the first evidence turn, zero where none came.</param>
internal sealed record RetrievalScore(double RecallAt5, double RecallAt10, double RecallAt20, double AllAt10, double Mrr)
{
    /// <param name="ranked">Distinct turn ids, best first.</param>
    /// <param name="evidence">Not empty.</param>
    internal static RetrievalScore Of(IReadOnlyList<string> ranked, IReadOnlyCollection<string> evidence)
    {
        HashSet<string> wanted = [.. evidence];
        int first = ranked.Index().Where(place => wanted.Contains(place.Item)).Select(place => place.Index + 1).FirstOrDefault();
        return new(
            RecallAt(5, ranked, wanted),
            RecallAt(10, ranked, wanted),
            RecallAt(20, ranked, wanted),
            RecallAt(10, ranked, wanted) >= 1 ? 1 : 0,
            first is 0 ? 0 : 1.0 / first);
    }

    /// <summary>All zero where there is nothing to average.</summary>
    internal static RetrievalScore Mean(IReadOnlyCollection<RetrievalScore> scores) => scores.Count is 0
        ? new(0, 0, 0, 0, 0)
        : new(
            scores.Average(score => score.RecallAt5),
            scores.Average(score => score.RecallAt10),
            scores.Average(score => score.RecallAt20),
            scores.Average(score => score.AllAt10),
            scores.Average(score => score.Mrr));

    private static double RecallAt(int k, IReadOnlyList<string> ranked, HashSet<string> wanted) =>
        (double)ranked.Take(k).Count(wanted.Contains) / wanted.Count;
}
