using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Memory.Bench.Locomo;

/// <summary>Counts and figures of one run. Adversarial questions have a false premise: they stand apart and are not in the overall line.</summary>
internal sealed class LocomoReport(IReadOnlyList<Answered> answers, Pace pace)
{
    private const string Adversarial = "adversarial";

    internal string ToText()
    {
        var text = new StringBuilder();
        text.AppendLine(Table.Render(
            ["category", "questions", "recall@5", "recall@10", "recall@20", "all@10", "mrr"],
            [.. ByCategory().Where(line => line.Category != Adversarial).Select(Row), Row(Overall()), .. ByCategory().Where(line => line.Category == Adversarial).Select(Row)]));
        text.AppendLine(CultureInfo.InvariantCulture, $"append     {pace.Turns} turns, {pace.Turns / Math.Max(pace.AppendSeconds, 1e-9):0} turns/s, p50 {P(pace.AppendMs, .5):0.0} ms, p95 {P(pace.AppendMs, .95):0.0} ms");
        text.AppendLine(CultureInfo.InvariantCulture, $"ingestion  {pace.IngestionSeconds:0.0} s from the first append until all was ingested");
        text.AppendLine(CultureInfo.InvariantCulture, $"recall     {answers.Count} calls, p50 {P(RecallMs, .5):0.0} ms, p95 {P(RecallMs, .95):0.0} ms");
        foreach (string warning in Warnings())
            text.AppendLine(warning);
        return text.ToString();
    }

    internal JsonObject ToJson()
    {
        var byCategory = new JsonObject();
        foreach (Line line in ByCategory())
            byCategory.Add(line.Category, Figures(line));
        return new JsonObject
        {
            ["overall"] = Figures(Overall()),
            ["by_category"] = byCategory,
            ["latency_ms"] = new JsonObject { ["p50"] = Math.Round(P(RecallMs, .5), 3), ["p95"] = Math.Round(P(RecallMs, .95), 3) },
        };
    }

    private IEnumerable<double> RecallMs => answers.Select(answer => answer.LatencyMs);

    private IEnumerable<Answered> Scored => answers.Where(answer => answer.Question.Evidence.Count > 0);

    private Line Overall() => Summarize("overall", Scored.Where(answer => answer.Question.Category != Adversarial));

    private IEnumerable<Line> ByCategory() =>
        Scored.GroupBy(answer => answer.Question.Category).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => Summarize(group.Key, group));

    private static Line Summarize(string category, IEnumerable<Answered> answers)
    {
        RetrievalScore[] scores = [.. answers.Select(answer => RetrievalScore.Of(answer.Turns, answer.Question.Evidence))];
        return new(category, scores.Length, RetrievalScore.Mean(scores));
    }

    private IEnumerable<string> Warnings()
    {
        int unscored = answers.Count - Scored.Count();
        if (unscored > 0)
            yield return $"note       {unscored} questions without evidence were asked and not scored";
        int thin = Scored.Count(answer => answer.Turns.Count < 20);
        if (thin > 0)
            yield return $"note       {thin} answers had fewer than 20 distinct turns";
        int degraded = answers.Count(answer => answer.Degraded);
        if (degraded > 0)
            yield return $"WARNING    {degraded} answers were degraded: a part of the system could not be asked";
    }

    private static string[] Row(Line line) =>
    [
        line.Category, line.Questions.ToString(CultureInfo.InvariantCulture),
        Percent(line.Mean.RecallAt5), Percent(line.Mean.RecallAt10), Percent(line.Mean.RecallAt20), Percent(line.Mean.AllAt10),
        line.Mean.Mrr.ToString("0.000", CultureInfo.InvariantCulture),
    ];

    private static JsonObject Figures(Line line) => new()
    {
        ["questions"] = line.Questions,
        ["recall@5"] = Share(line.Mean.RecallAt5),
        ["recall@10"] = Share(line.Mean.RecallAt10),
        ["recall@20"] = Share(line.Mean.RecallAt20),
        ["all@10"] = Share(line.Mean.AllAt10),
        ["mrr"] = Share(line.Mean.Mrr),
    };

    private static double Share(double value) => Math.Round(value, 4);

    private static string Percent(double share) => (100 * share).ToString("0.0", CultureInfo.InvariantCulture);

    private static double P(IEnumerable<double> samples, double share) => Percentile.Of(samples, share);

    private sealed record Line(string Category, int Questions, RetrievalScore Mean);
}
