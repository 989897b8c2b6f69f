using System.Globalization;
using System.Text.Json.Nodes;

namespace Memory.Bench.Ingest;

/// <summary>The figures of all runs.</summary>
internal sealed class IngestReport(IReadOnlyList<IngestLines> runs, TimeSpan modelTime)
{
    private readonly string caption = $"""
        bulk: everything was there before one Memory.Ingestor process ({PrivateSystem.Build} build) began, on a private Postgres (fsync on);
        the models are scripted, in this process, and take {modelTime.TotalMilliseconds:0} ms for each answer. live: each message is distilled
        before the next is said, by the engine in this process; its speed is not measured. Model calls are extraction and
        reconciliation; tokens are theirs, at four characters each. {Environment.ProcessorCount} cores for all.
        """;

    internal string ToText() => Table.Render(
        ["per message", "pace", "messages", "messages/s", "model calls", "embedding calls", "input tokens", "output tokens"],
        [.. runs.Select(run => (IReadOnlyList<string>)
        [
            $"{run.Conversation}, {run.Provider}", run.Pace, Text(run.Messages, "0"), run.PerSecond is { } speed ? Text(speed, "0") : "-",
            Text(run.ModelCalls, "0.00"), Text(run.EmbeddingCalls, "0.00"), Text(run.InputTokens, "0.0"), Text(run.OutputTokens, "0.0"),
        ])]) + Environment.NewLine + caption;

    internal JsonObject ToJson() => new()
    {
        ["build"] = PrivateSystem.Build,
        ["cores"] = Environment.ProcessorCount,
        ["model_ms"] = modelTime.TotalMilliseconds,
        ["runs"] = new JsonArray([.. runs.Select(run => new JsonObject
        {
            ["conversation"] = run.Conversation,
            ["provider"] = run.Provider,
            ["pace"] = run.Pace,
            ["messages"] = run.Messages,
            ["per_second"] = run.PerSecond is { } speed ? Math.Round(speed, 1) : null,
            ["model_calls"] = Math.Round(run.ModelCalls, 4),
            ["embedding_calls"] = Math.Round(run.EmbeddingCalls, 4),
            ["input_tokens"] = Math.Round(run.InputTokens, 2),
            ["output_tokens"] = Math.Round(run.OutputTokens, 2),
        })]),
    };

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
