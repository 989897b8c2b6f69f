using System.Text.Json;
using System.Text.Json.Nodes;
using Memory.Bench.Locomo;

namespace Memory.Bench.Import;

/// <summary>The lines of a file as the import takes them: its own form as it is, LoCoMo's conversations turned into it.</summary>
internal static class ImportFile
{
    private static readonly string[] s_ids = ["user_id", "agent_id", "app_id", "run_id"];

    /// <param name="user">See <see cref="ImportArguments.User"/>.</param>
    /// <exception cref="BenchException">The file is empty or not UTF-8.</exception>
    internal static IReadOnlyList<string> Read(string file, string? user)
    {
        if (!File.Exists(file))
            throw new BenchException($"{file}: no such file");
        string? first = Utf8Lines.Read(file).FirstOrDefault(line => !string.IsNullOrWhiteSpace(line));
        return first is null ? throw new BenchException($"{file}: empty")
            : IsLocomo(first) ? [.. FromLocomo(LocomoReader.ReadTurns(file), user)]
            // Blank lines stay, so that a line the system refuses is found under its number.
            : [.. Utf8Lines.Read(file).Select(line => user is null ? line : WithUser(line, user))];
    }

    private static bool IsLocomo(string line) => LookAt(line, one =>
        one.ContainsKey("conv") && one.ContainsKey("session") && one.ContainsKey("speaker") && one.ContainsKey("text"));

    // Both people are users with names; each conversation is a memory of its own.
    private static IEnumerable<string> FromLocomo(IReadOnlyList<Turn> turns, string? user) => turns
        .GroupBy(turn => (turn.Conv, turn.Session))
        .SelectMany(session => session.Select((turn, place) => JsonSerializer.Serialize(new
        {
            user_id = user ?? turn.Conv,
            run_id = $"{turn.Conv}-{turn.Session}",
            role = "user",
            name = turn.Speaker,
            content = turn.Text,
            at = turn.At(place),
            metadata = new { turn = turn.Id },
        })));

    // An id that is null names nobody, as the system has it too.
    private static string WithUser(string line, string user) => LookAt(line, one =>
    {
        if (s_ids.Any(id => one[id] is not null))
            return line;
        one["user_id"] = user;
        return one.ToJsonString();
    }) ?? line;

    /// <returns>Nothing of what is no object, or not a good one: it is left as it is, and the system says what is wrong with it.</returns>
    private static T? LookAt<T>(string line, Func<JsonObject, T> look)
    {
        try
        {
            return JsonNode.Parse(line) is JsonObject one ? look(one) : default;
        }
        // The last two come late, when it is looked at: of a name that is there twice, and of half a character.
        catch (Exception cause) when (cause is JsonException or ArgumentException or InvalidOperationException)
        {
            return default;
        }
    }
}
