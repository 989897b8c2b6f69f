using System.Text.Json;

namespace Memory.Bench.Precision;

/// <summary>A question and which memories answer it.</summary>
/// <param name="Relevant">A memory answers that has all words of one of these; none of them: nothing does.</param>
internal sealed record PrecisionCase(string Query, IReadOnlyList<IReadOnlyList<string>> Relevant)
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web);

    internal bool IsAnswered => Relevant.Count > 0;

    internal bool IsRelevant(string memory) =>
        Relevant.Any(words => words.All(word => memory.Contains(word, StringComparison.OrdinalIgnoreCase)));

    /// <summary>The cases that come with this tool.</summary>
    internal static IReadOnlyList<PrecisionCase> ReadAll()
    {
        using Stream stream = typeof(PrecisionCase).Assembly.GetManifestResourceStream("Memory.Bench.Precision.cases.jsonl")!;
        using var reader = new StreamReader(stream);
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<PrecisionCase>(line, s_json)!)];
    }
}
