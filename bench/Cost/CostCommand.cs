using System.Text.Json.Nodes;
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
        JsonFile.RequireFolder(arguments.JsonFile);
        var json = new JsonArray();
        foreach (Conversation conversation in Conversation.All(arguments.Conversation))
        {
            List<CostLines> runs = [];
            foreach (string pace in CostRun.Paces)
                foreach (string provider in ModelProvider.Known)
                    runs.Add(await CostRun.RunAsync(provider, pace, conversation.Messages, cancellationToken));
            var report = new CostReport(conversation.Name, runs, arguments.Prices);
            Console.WriteLine(report.ToText());
            json.Add(report.ToJson());
        }

        Console.WriteLine(CostReport.Caption);
        await JsonFile.WriteAsync(arguments.JsonFile, new JsonObject { ["prices_as_of"] = PriceList.AsOf, ["conversations"] = json }, cancellationToken);
        return 0;
    }
}
