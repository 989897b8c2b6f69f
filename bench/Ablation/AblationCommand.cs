using System.Globalization;
using System.Text.Json.Nodes;
using Memory.Bench.Locomo;
using Memory.Testing;

namespace Memory.Bench.Ablation;

/// <summary>
/// <c>bench ablation</c>: what each signal of the ranking is worth. Conversations are stored once in a private system; each
/// variant is a Memory.Api of its own over the same memory, asked the same questions.
/// </summary>
internal static class AblationCommand
{
    private const string Adversarial = "adversarial";

    internal static async Task<int> RunAsync(AblationArguments arguments, CancellationToken cancellationToken)
    {
        LocomoData data = LocomoReader.Read(arguments.Directory);
        List<Question> questions = [.. data.Questions.Where(question => question.Evidence.Count > 0 && question.Category != Adversarial)];
        JsonFile.RequireFolder(arguments.JsonFile);
        await using PrivateSystem system = await PrivateSystem.StartAsync(cancellationToken);
        TestDatabase database = await system.NewDatabaseAsync();
        IReadOnlyDictionary<string, string> users = await StoreAsync(system, database, data, cancellationToken);

        List<(Variant Variant, RetrievalScore Score)> lines = [];
        foreach (Variant variant in (IEnumerable<Variant>)[.. Variant.EachOff, .. arguments.Tried.Select(Variant.Parse)])
        {
            Uri address = await system.StartApiAsync(database, variant.ToEnvironment(), cancellationToken);
            using var api = new MemoryApi(new BenchSystem(address, address, TestServers.ApiKey));
            IReadOnlyList<Answered> answers = await new Ask(api, users).AllAsync(questions, cancellationToken);
            lines.Add((variant, RetrievalScore.Mean([.. answers.Select(answer => RetrievalScore.Of(answer.Turns, answer.Question.Evidence))])));
            await system.StopApisAsync();
        }

        Console.WriteLine(ToText(lines, questions.Count));
        await JsonFile.WriteAsync(arguments.JsonFile, ToJson(lines), cancellationToken);
        return 0;
    }

    private static async Task<IReadOnlyDictionary<string, string>> StoreAsync(
        PrivateSystem system, TestDatabase database, LocomoData data, CancellationToken cancellationToken)
    {
        Uri address = await system.StartApiAsync(database, cancellationToken);
        using var api = new MemoryApi(new BenchSystem(address, address, TestServers.ApiKey));
        await using ServiceProcess ingestor = system.StartIngestor(database, new Dictionary<string, string?>());
        IReadOnlyList<AppendedConversation> conversations = await new Locomo.Append(api, "ablation").AllAsync(data.Turns, 4, cancellationToken);
        await new Ingested(api).AllAsync(conversations, cancellationToken);
        await system.StopApisAsync();
        return conversations.ToDictionary(conversation => conversation.Conv, conversation => conversation.UserId);
    }

    private static string ToText(IReadOnlyList<(Variant Variant, RetrievalScore Score)> lines, int questions) =>
        $"{questions} questions\n\n" + Table.Render(
            ["ranking", "recall@5", "recall@10", "recall@20", "mrr"],
            [.. lines.Select(line => (string[])[line.Variant.Name, Percent(line.Score.RecallAt5), Percent(line.Score.RecallAt10), Percent(line.Score.RecallAt20), line.Score.Mrr.ToString("0.000", CultureInfo.InvariantCulture)])]);

    private static JsonObject ToJson(IReadOnlyList<(Variant Variant, RetrievalScore Score)> lines)
    {
        var json = new JsonObject();
        foreach ((Variant variant, RetrievalScore score) in lines)
            json.Add(variant.Name, new JsonObject
            {
                ["recall@5"] = Math.Round(score.RecallAt5, 4),
                ["recall@10"] = Math.Round(score.RecallAt10, 4),
                ["recall@20"] = Math.Round(score.RecallAt20, 4),
                ["mrr"] = Math.Round(score.Mrr, 4),
            });
        return json;
    }

    private static string Percent(double share) => (100 * share).ToString("0.0", CultureInfo.InvariantCulture);
}
