using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Memory.Bench.Locomo;

namespace Memory.Bench.Import;

/// <summary>The lines of a file as the import takes them: its own form as it is, LoCoMo's conversations turned into it.</summary>
internal static class ImportFile
{
    private static readonly string[] s_ids = ["user_id", "agent_id", "app_id", "run_id"];

    /// <param name="user">See <see cref="ImportArguments.User"/>.</param>
    internal static IReadOnlyList<string> Read(string file, string? user)
    {
        if (!File.Exists(file))
            throw new BenchException($"{file}: no such file");
        string? first = File.ReadLines(file).FirstOrDefault(line => !string.IsNullOrWhiteSpace(line));
        return first is null ? throw new BenchException($"{file}: empty")
            : IsLocomo(first) ? [.. FromLocomo(LocomoReader.ReadTurns(file), user)]
            // Blank lines stay, so that a line the system refuses is found under its number.
            : [.. File.ReadLines(file).Select(line => user is null ? line : WithUser(line, user))];
    }

    /// <summary>The same for the same lines: by it an import that broke off is known again.</summary>
    internal static string KeyOf(IReadOnlyList<string> lines)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string line in lines)
            hash.AppendData(Encoding.UTF8.GetBytes(line + "\n"));
        return $"import-{Convert.ToHexStringLower(hash.GetHashAndReset()[..16])}";
    }

    private static bool IsLocomo(string line) =>
        Parse(line) is { } one && one.ContainsKey("conv") && one.ContainsKey("session") && one.ContainsKey("speaker") && one.ContainsKey("text");

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

    // What is no object is left as it is: the system says what is wrong with it.
    private static string WithUser(string line, string user)
    {
        if (Parse(line) is not { } one || s_ids.Any(one.ContainsKey))
            return line;
        one["user_id"] = user;
        return one.ToJsonString();
    }

    private static JsonObject? Parse(string line)
    {
        try
        {
            return JsonNode.Parse(line) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
