using System.Text.Json;
using System.Text.Json.Nodes;
using Memory.Bench.Locomo;
using Memory.Models;

namespace Memory.Bench.Cost;

/// <summary>
/// <c>bench cost</c>: what models cost a message, read from the events' usage. The engine runs in this process on private
/// servers; the models are scripted, so nothing is billed.
/// </summary>
internal static class CostCommand
{
    internal static async Task<int> RunAsync(CostArguments arguments, CancellationToken cancellationToken)
    {
        List<(string Name, IReadOnlyList<Said> Messages)> conversations = [("built-in conversation", SmallConversation.Messages)];
        if (arguments.Conversation is { } file)
            conversations.Add((Path.GetFileName(file), [.. LocomoReader.ReadTurns(file).Select(AsSaid)]));

        var json = new JsonArray();
        foreach ((string name, IReadOnlyList<Said> messages) in conversations)
        {
            List<CostLines> runs = [];
            foreach (string pace in CostRun.Paces)
                foreach (string provider in ModelProvider.Known)
                    runs.Add(await CostRun.RunAsync(provider, pace, messages, cancellationToken));
            var report = new CostReport(name, runs, arguments.Prices);
            Console.WriteLine(report.ToText());
            json.Add(report.ToJson());
        }

        Console.WriteLine(CostReport.Caption);
        if (arguments.JsonFile is not null)
            await WriteAsync(arguments.JsonFile, new JsonObject { ["prices_as_of"] = PriceList.AsOf, ["conversations"] = json }, cancellationToken);
        return 0;
    }

    // As the LoCoMo benchmark appends them: both people are users with names.
    private static Said AsSaid(Turn turn) =>
        new(turn.Conv, $"{turn.Conv}-{turn.Session}", "user", turn.Speaker, turn.Text, new DateTimeOffset(turn.SessionTime));

    private static async Task WriteAsync(string file, JsonObject json, CancellationToken cancellationToken)
    {
        try
        {
            await File.WriteAllTextAsync(file, json.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n", cancellationToken);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new BenchException($"cannot write {file}: {cause.Message}");
        }
    }
}
