using System.Text;
using System.Text.Json;
using Memory.Bench.Locomo;

namespace Memory.Bench.Import;

/// <summary>
/// <c>bench import</c>: a file of messages into the running system. Stopped or cut off, it goes on where it was when it is
/// started again: every request has a key that follows from the file.
/// </summary>
internal static class ImportCommand
{
    /// <summary>Most lines and characters of one request. Other pieces would have other keys, so they are never to change.</summary>
    private const int LinesPerRequest = 500;

    private const int CharactersPerRequest = 4 * 1024 * 1024;

    internal static async Task<int> RunAsync(ImportArguments arguments, BenchSystem system, TextWriter output, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> lines = ImportFile.Read(arguments.File, arguments.User);
        using var api = new MemoryApi(system);
        await api.GetAsync("v1/ping/", cancellationToken);

        IReadOnlyList<Sent> sent = await SendAsync(api, lines, new ImportKeys(arguments.Key), cancellationToken);
        await output.WriteLineAsync(ToText(sent.Sum(piece => piece.Stored), sent.Sum(piece => piece.AlreadyStored)));
        if (arguments.Wait)
            await new Ingested(api).AllAsync(Conversations(sent), cancellationToken);
        return 0;
    }

    // A key is kept longer than what it brought: after an erase the same file would seem to be stored, and is not.
    private static string ToText(int stored, int already) => $"{stored} messages stored, {already} were already" + (stored > 0
        ? ""
        : "\nThis was sent before under the same key, and is not stored again, even where it was erased since: with --key NAME, a name that was not used yet, all of it is sent as new.");

    private static async Task<IReadOnlyList<Sent>> SendAsync(MemoryApi api, IReadOnlyList<string> lines, ImportKeys keys, CancellationToken cancellationToken)
    {
        using var progress = new ProgressBar("import", lines.Count);
        var patient = new PatientApi(api, progress);
        List<Sent> sent = [];
        foreach ((int from, string[] piece) in Pieces(lines))
        {
            string key = keys.Next(piece);
            if (piece.Any(line => !string.IsNullOrWhiteSpace(line)))
                sent.Add(Sent.Read(await patient.PostAsync("v1/import/", Body(piece), key, What(from, piece.Length), cancellationToken)));
            progress.Tick(piece.Length);
        }

        return sent;
    }

    private static IEnumerable<(int From, string[] Lines)> Pieces(IReadOnlyList<string> lines)
    {
        for (int from = 0, to = 0; from < lines.Count; from = to)
        {
            var characters = 0;
            while (to < lines.Count && to - from < LinesPerRequest && (to == from || characters + lines[to].Length <= CharactersPerRequest))
                characters += lines[to++].Length;
            yield return (from, [.. lines.Skip(from).Take(to - from)]);
        }
    }

    // What is refused is refused whole, and counts from its own first line.
    private static string What(int from, int length) => from == 0
        ? $"lines 1 to {length}"
        : $"lines {from + 1} to {from + length} (as 1 to {length}; what stands before them is stored, and is not stored again after a correction)";

    private static byte[] Body(string[] lines) => Encoding.UTF8.GetBytes(string.Join('\n', lines));

    // One owner's events are applied in order.
    private static List<AppendedConversation> Conversations(IReadOnlyList<Sent> sent) =>
        [.. sent.SelectMany(piece => piece.Events).GroupBy(one => one.Owner).Select(group => new AppendedConversation(group.Key, group.Key, [.. group.Select(one => one.Id)], []))];

    private sealed record Sent(int Stored, int AlreadyStored, IReadOnlyList<(string Id, string Owner)> Events)
    {
        internal static Sent Read(JsonElement answer) => new(
            answer.GetProperty("stored").GetInt32(), answer.GetProperty("already_stored").GetInt32(),
            [.. answer.GetProperty("events").EnumerateArray().Select(one => (one.GetProperty("event_id").GetString()!, Owner(one)))]);

        private static string Owner(JsonElement one) =>
            new[] { "user_id", "agent_id", "app_id", "run_id" }
                .Where(name => one.TryGetProperty(name, out JsonElement id) && id.ValueKind == JsonValueKind.String)
                .Select(name => $"{name[..^3]} {one.GetProperty(name).GetString()}")
                .First();
    }
}
