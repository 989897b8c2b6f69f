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

    internal static async Task<int> RunAsync(ImportArguments arguments, BenchSystem system, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> lines = ImportFile.Read(arguments.File, arguments.User);
        string key = arguments.Key ?? ImportFile.KeyOf(lines);
        using var api = new MemoryApi(system);
        await api.GetAsync("v1/ping/", cancellationToken);

        IReadOnlyList<Sent> sent = await SendAsync(new PatientPost(api), lines, key, cancellationToken);
        Console.WriteLine($"{sent.Sum(piece => piece.Stored)} messages stored, {sent.Sum(piece => piece.AlreadyStored)} were already (import {key})");
        if (arguments.Wait)
            await new Ingested(api).AllAsync(Conversations(sent), cancellationToken);
        return 0;
    }

    private static async Task<IReadOnlyList<Sent>> SendAsync(PatientPost post, IReadOnlyList<string> lines, string key, CancellationToken cancellationToken)
    {
        using var progress = new ProgressBar("import", lines.Count);
        List<Sent> sent = [];
        foreach ((int number, (int from, string[] piece)) in Pieces(lines).Index())
        {
            if (piece.Any(line => !string.IsNullOrWhiteSpace(line)))
                sent.Add(Sent.Read(await post.SendAsync("v1/import/", Body(piece), $"{key}-{number}", $"lines {from + 1} to {from + piece.Length}", cancellationToken)));
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
