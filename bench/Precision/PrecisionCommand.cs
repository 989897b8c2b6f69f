using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Memory.Testing;
using Memory.Bench.Scenarios;

namespace Memory.Bench.Precision;

/// <summary>
/// <c>bench precision</c>: whether recall brings what answers a question and nothing else, and nothing at all where nothing does.
/// What the scenarios should leave behind is stored as one person's memory, so that most of it is beside the point.
/// </summary>
internal static class PrecisionCommand
{
    private const int Limit = 20;
    private static readonly double[] s_floors = [0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5];

    internal static async Task<int> RunAsync(string directory, bool showMisses, string? jsonFile, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> memories = Scenario.ReadGold(directory);
        JsonFile.RequireFolder(jsonFile);
        await using PrivateSystem system = await PrivateSystem.StartAsync(cancellationToken);
        TestDatabase database = await system.NewDatabaseAsync();
        Uri address = await system.StartApiAsync(database, cancellationToken);
        using var api = new MemoryApi(new BenchSystem(address, address, TestServers.ApiKey));
        foreach (string memory in memories)
            await api.PostAsync("v3/memories/add/", new { messages = new[] { new { role = "user", content = memory } }, user_id = "ana", infer = false }, cancellationToken);

        IReadOnlyList<PrecisionCase> cases = PrecisionCase.ReadAll();
        List<PrecisionAnswer> usual = [], all = [];
        foreach (PrecisionCase one in cases)
        {
            usual.Add(new PrecisionAnswer(one, await AskAsync(api, one, threshold: null, cancellationToken)));
            all.Add(new PrecisionAnswer(one, await AskAsync(api, one, threshold: 0, cancellationToken)));
        }

        PrecisionScore score = PrecisionScore.Of(usual, memories, 0);
        Console.WriteLine($"{cases.Count} questions, {cases.Count(one => !one.IsAnswered)} with nothing to answer them, over {memories.Count} memories\n");
        Console.WriteLine(Table.Render(["floor", "precision", "recall", "abstained", "silenced"], [Row("as it is", score), .. s_floors.Select(floor => Row(Number(floor), PrecisionScore.Of(all, memories, floor)))]));
        if (showMisses)
            ShowMisses(usual, memories);
        await JsonFile.WriteAsync(jsonFile, new JsonObject { ["precision"] = score.Precision, ["recall"] = score.Recall, ["abstained"] = score.Abstained, ["silenced"] = score.Silenced }, cancellationToken);
        return 0;
    }

    private static async Task<IReadOnlyList<Found>> AskAsync(MemoryApi api, PrecisionCase one, double? threshold, CancellationToken cancellationToken)
    {
        JsonElement answer = await api.PostAsync("v1/recall/", new { query = one.Query, scope = new { user_id = "ana" }, limit = Limit, threshold }, cancellationToken);
        return [.. answer.GetProperty("results").EnumerateArray().Select(item => new Found(item.GetProperty("memory").GetString()!, item.GetProperty("score").GetDouble()))];
    }

    private static void ShowMisses(IReadOnlyList<PrecisionAnswer> answers, IReadOnlyList<string> memories)
    {
        foreach (PrecisionAnswer answer in answers)
        {
            foreach (Found junk in answer.Items.Where(item => !answer.Case.IsRelevant(item.Memory)))
                Console.WriteLine($"junk    {answer.Case.Query}  ←  {junk.Memory} ({Number(junk.Score)})");
            foreach (string missed in memories.Where(memory => answer.Case.IsRelevant(memory) && answer.Items.All(item => item.Memory != memory)))
                Console.WriteLine($"missed  {answer.Case.Query}  ←  {missed}");
        }
    }

    private static string[] Row(string name, PrecisionScore score) => [name, Number(score.Precision), Number(score.Recall), Number(score.Abstained), Number(score.Silenced)];

    private static string Number(double share) => share.ToString("0.00", CultureInfo.InvariantCulture);
}
