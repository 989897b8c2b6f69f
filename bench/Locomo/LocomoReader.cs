using System.Globalization;
using System.Text.Json;

namespace Memory.Bench.Locomo;

/// <summary>Reads a LoCoMo folder; what is wrong with it is said with file and line.</summary>
internal static class LocomoReader
{
    internal static LocomoData Read(string directory)
    {
        IReadOnlyList<Turn> turns = ReadTurns(Path.Combine(directory, "conversations.jsonl"));
        IReadOnlyList<Question> questions = ReadLines(Path.Combine(directory, "questions.jsonl"), ReadQuestion);
        HashSet<string> conversations = [.. turns.Select(turn => turn.Conv)];
        return questions.FirstOrDefault(question => !conversations.Contains(question.Conv)) is { } lost
            ? throw new BenchException($"{directory}: question {lost.Id} is about {lost.Conv}, which conversations.jsonl does not have")
            : new(turns, questions);
    }

    /// <summary>The conversations alone.</summary>
    internal static IReadOnlyList<Turn> ReadTurns(string file) => ReadLines(file, ReadTurn);

    private static List<T> ReadLines<T>(string file, Func<JsonElement, T> read)
    {
        if (!File.Exists(file))
            throw new BenchException($"{file}: no such file");

        List<T> lines = [];
        int number = 0;
        foreach (string line in Utf8Lines.Read(file))
        {
            number++;
            if (!string.IsNullOrWhiteSpace(line))
                lines.Add(ReadLine(line, read, $"{file}:{number}"));
        }

        return lines.Count > 0 ? lines : throw new BenchException($"{file}: empty");
    }

    private static T ReadLine<T>(string line, Func<JsonElement, T> read, string place)
    {
        try
        {
            return read(JsonElement.Parse(line));
        }
        catch (Exception cause) when (cause is JsonException or FormatException or InvalidOperationException)
        {
            throw new BenchException($"{place}: {cause.Message}");
        }
    }

    private static Turn ReadTurn(JsonElement line) => new(
        Required(line, "conv"),
        Required(line, "session"),
        DateTime.Parse(Required(line, "session_time"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal),
        Required(line, "turn"),
        Required(line, "speaker"),
        WithCaption(Required(line, "text"), Optional(line, "caption")));

    private static Question ReadQuestion(JsonElement line) => new(
        Required(line, "conv"),
        Required(line, "qid"),
        Required(line, "question"),
        Required(line, "category"),
        [.. line.TryGetProperty("evidence", out JsonElement evidence) ? evidence.EnumerateArray().Select(id => id.GetString() ?? "") : []]);

    private static string WithCaption(string text, string? caption) =>
        caption is null or "" ? text : $"{text} [shared a picture: {caption}]".TrimStart();

    private static string Required(JsonElement line, string name) =>
        Optional(line, name) ?? throw new FormatException($"\"{name}\" is missing");

    private static string? Optional(JsonElement line, string name) =>
        line.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value.GetString() : null;
}
