using System.Globalization;
using System.Text.Json.Nodes;

namespace Memory.Bench.Append;

/// <summary>The figures of all loads.</summary>
internal sealed class AppendReport(IReadOnlyList<Load> loads, string build, bool isPrepared)
{
    private readonly string machine = $"""
        Private Postgres (fsync on), Redis and Memory.Api ({build} build) over loopback, no ingestor beside them; one message a request. Statements {(isPrepared ? "stay prepared" : "are planned anew, as behind a pooler")}.
        {Environment.ProcessorCount} cores, shared by servers and load generator; the last column is what the generator took of them.
        At a fixed rate, latency is counted from when an append was due. Emptied: ten times a second; hung: stopped, its connections open; gone: killed.
        """;

    internal string ToText() => Table.Render(
        ["load", "appends/s", "p50 ms", "p99 ms", "worst ms", "generator's cores"],
        [.. loads.Select(load => (IReadOnlyList<string>)[load.Name, Text(load.PerSecond, "0"), Text(load.P50), Text(load.P99), Text(load.Worst), Text(load.GeneratorCores, "0.00")])])
        + Environment.NewLine + machine;

    internal JsonObject ToJson() => new()
    {
        ["build"] = build,
        ["prepared"] = isPrepared,
        ["cores"] = Environment.ProcessorCount,
        ["loads"] = new JsonArray([.. loads.Select(load => new JsonObject
        {
            ["load"] = load.Name,
            ["appends"] = load.LatenciesMs.Count,
            ["per_second"] = Math.Round(load.PerSecond, 1),
            ["p50_ms"] = Math.Round(load.P50, 2),
            ["p99_ms"] = Math.Round(load.P99, 2),
            ["worst_ms"] = Math.Round(load.Worst, 2),
            ["generator_cores"] = Math.Round(load.GeneratorCores, 2),
        })]),
    };

    private static string Text(double value, string format = "0.0") => value.ToString(format, CultureInfo.InvariantCulture);
}
