using System.Globalization;
using System.Text.Json.Nodes;

namespace Memory.Bench.Exact;

/// <summary>The figures of all paths.</summary>
internal sealed class ExactReport(IReadOnlyList<ExactLine> lines, int questions)
{
    private readonly string caption = $"""
        {questions} questions each, against every vector compared in this process, in the half precision they are stored in; what is
        as near as the last one counts. complete: each answer has as many as were asked for, or as there are. Promised is
        1.000 up to {ExactLine.ExactUpTo} memories of one person, 0.990 above. ms: one question, from this process and back.
        """;

    internal bool IsKept => lines.All(line => line.IsKept);

    internal string ToText() => Table.Render(
        ["vectors", "memories", "path", "top", "overlap", "worst", "complete", "p50 ms", "promise"],
        [.. lines.Select(line => (IReadOnlyList<string>)
        [
            line.Kind, Text(line.Memories, "0"), line.Path, Text(line.Limit, "0"), Text(line.Overlap), Text(line.Worst),
            line.IsComplete ? "yes" : "NO", Text(line.P50, "0.0"), line.IsPromised ? line.IsKept ? "kept" : "BROKEN" : "-",
        ])]) + Environment.NewLine + caption;

    internal JsonObject ToJson() => new()
    {
        ["build"] = PrivateSystem.Build,
        ["questions"] = questions,
        ["kept"] = IsKept,
        ["paths"] = new JsonArray([.. lines.Select(line => new JsonObject
        {
            ["vectors"] = line.Kind,
            ["memories"] = line.Memories,
            ["path"] = line.Path,
            ["promised"] = line.IsPromised,
            ["top"] = line.Limit,
            ["overlap"] = Math.Round(line.Overlap, 4),
            ["worst"] = Math.Round(line.Worst, 4),
            ["complete"] = line.IsComplete,
            ["p50_ms"] = Math.Round(line.P50, 2),
        })]),
    };

    private static string Text(double value, string format = "0.000") => value.ToString(format, CultureInfo.InvariantCulture);
}
