using System.Text.Json;

namespace Memory.Bench.Scenarios;

/// <summary>One line of scenarios.jsonl: what is said, in order, and what will be searched for afterwards.</summary>
internal sealed record Scenario(string Id, IReadOnlyList<ScenarioMessage> Messages, IReadOnlyList<ScenarioProbe> Probes)
{
    /// <summary>In the order they speak first.</summary>
    internal IReadOnlyList<string> Users => [.. Messages.Select(message => message.User).Distinct()];

    internal static IReadOnlyList<Scenario> ReadAll(string directory) => ReadLines(directory, Read);

    /// <summary>What the scenarios should leave behind, each text once.</summary>
    internal static IReadOnlyList<string> ReadGold(string directory) => [.. ReadLines(
        directory, scenario => scenario.GetProperty("gold").GetProperty("active").EnumerateArray().Select(memory => Text(memory, "text")).ToList()).SelectMany(texts => texts).Distinct()];

    private static List<T> ReadLines<T>(string directory, Func<JsonElement, T> read)
    {
        string file = Path.Combine(directory, "scenarios.jsonl");
        if (!File.Exists(file))
            throw new BenchException($"{file}: no such file");
        List<T> scenarios = [];
        foreach ((int index, string line) in File.ReadLines(file).Index())
        {
            if (!string.IsNullOrWhiteSpace(line))
                scenarios.Add(ReadLine(line, $"{file}:{index + 1}", read));
        }

        return scenarios.Count > 0 ? scenarios : throw new BenchException($"{file}: empty");
    }

    private static T ReadLine<T>(string line, string place, Func<JsonElement, T> read)
    {
        try
        {
            return read(JsonElement.Parse(line));
        }
        catch (Exception cause) when (cause is JsonException or FormatException or InvalidOperationException or KeyNotFoundException)
        {
            throw new BenchException($"{place}: {cause.Message}");
        }
    }

    private static Scenario Read(JsonElement scenario)
    {
        JsonElement[] probes = scenario.TryGetProperty("expect", out JsonElement expect) && expect.TryGetProperty("probes", out JsonElement given) ? [.. given.EnumerateArray()] : [];
        return new Scenario(
            Text(scenario, "id"),
            [.. scenario.GetProperty("messages").EnumerateArray().Select(ReadMessage)],
            [.. probes.Select(probe => new ScenarioProbe(Text(probe, "user"), Text(probe, "query"), probe.GetProperty("k").GetInt32()))]);
    }

    private static ScenarioMessage ReadMessage(JsonElement message) => new(
        Text(message, "user"), Text(message, "session"), Text(message, "role"), Text(message, "text"), message.GetProperty("at").GetDateTimeOffset());

    private static string Text(JsonElement line, string name) =>
        line.GetProperty(name).GetString() ?? throw new FormatException($"\"{name}\" is null");
}

/// <param name="Role">user, assistant or tool.</param>
internal sealed record ScenarioMessage(string User, string Session, string Role, string Text, DateTimeOffset At);

/// <param name="K">How many results are looked at.</param>
internal sealed record ScenarioProbe(string User, string Query, int K);
