using System.Globalization;
using System.Text.Json.Nodes;
using Memory.Bench.Append;

namespace Memory.Bench.Recall;

/// <summary>The figures of all readers and layouts, and of searches over HTTP.</summary>
internal sealed class RecallReport(RecallArguments arguments, IReadOnlyList<RecallLine> lines, IReadOnlyList<Load> loads, double loadSeconds)
{
    private readonly string caption = $"""
        One question at a time, warm, in this process ({PrivateSystem.Build} build), the question's vector included, which the builtin
        embeddings compute in some hundredths of a millisecond; vectors: the search by vector alone. Private Postgres, shared_buffers
        {arguments.SharedBuffers}; loading took {loadSeconds:0} s. Over HTTP: Memory.Api as a process, each client sends its next search as
        soon as the last is answered. {Environment.ProcessorCount} cores, shared by servers and clients.
        """;

    internal string ToText() => Table.Render(
        ["what", "rows in all", "layout", "memories", "p5 ms", "p50 ms", "p95 ms"],
        [.. lines.Select(line => (IReadOnlyList<string>)[line.Reader, Text(line.Rows, "0"), line.Layout, Text(line.Memories, "0"), Text(line.P5), Text(line.P50), Text(line.P95)])])
        + Environment.NewLine
        + Table.Render(
            ["POST /v3/memories/search/", "requests/s", "p50 ms", "p95 ms", "p99 ms", "clients' cores"],
            [.. loads.Select(load => (IReadOnlyList<string>)
            [
                load.Name, Text(load.PerSecond, "0"), Text(load.P50, "0.0"), Text(Percentile.Of(load.LatenciesMs, 0.95), "0.0"), Text(load.P99, "0.0"), Text(load.GeneratorCores),
            ])])
        + Environment.NewLine + caption;

    internal JsonObject ToJson() => new()
    {
        ["build"] = PrivateSystem.Build,
        ["cores"] = Environment.ProcessorCount,
        ["shared_buffers"] = arguments.SharedBuffers,
        ["load_seconds"] = Math.Round(loadSeconds, 1),
        ["readers"] = new JsonArray([.. lines.Select(line => new JsonObject
        {
            ["reader"] = line.Reader,
            ["rows"] = line.Rows,
            ["layout"] = line.Layout,
            ["memories"] = line.Memories,
            ["p5_ms"] = Math.Round(line.P5, 3),
            ["p50_ms"] = Math.Round(line.P50, 3),
            ["p95_ms"] = Math.Round(line.P95, 3),
        })]),
        ["http"] = new JsonArray([.. loads.Select(load => new JsonObject
        {
            ["load"] = load.Name,
            ["per_second"] = Math.Round(load.PerSecond, 1),
            ["p50_ms"] = Math.Round(load.P50, 2),
            ["p95_ms"] = Math.Round(Percentile.Of(load.LatenciesMs, 0.95), 2),
            ["p99_ms"] = Math.Round(load.P99, 2),
        })]),
    };

    private static string Text(double value, string format = "0.00") => value.ToString(format, CultureInfo.InvariantCulture);
}
