using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Memory.Bench.Cost;

/// <summary>The figures of all runs over one conversation, a table for each pace.</summary>
internal sealed class CostReport(string conversation, IReadOnlyList<CostLines> runs, PriceList prices)
{
    internal const string Caption = $"""
        Estimates: a scripted model counts four characters as a token (real tokenizers differ) and answers with the facts that
        the builtin rules find (a good model finds more). Dollars by the list prices noted on {PriceList.AsOf}, to be checked,
        or by --price. Answers of the chat and questions to recall are not in it.
        """;

    internal string ToText()
    {
        var text = new StringBuilder();
        foreach (IGrouping<string, CostLines> pace in runs.GroupBy(run => run.Pace))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{conversation}, {pace.First().Messages} messages, {Meaning(pace.Key)}");
            text.AppendLine(Table.Render(
                ["per message", "calls", "input tokens", "of them cached", "output tokens", "US$ / 1,000 messages"],
                [.. pace.SelectMany(run => run.ByRole(prices).Append(run.Total(prices)).Select(line => Row(run.Provider, line)))]));
        }

        return text.ToString();
    }

    internal JsonObject ToJson()
    {
        var paces = new JsonObject();
        foreach (IGrouping<string, CostLines> pace in runs.GroupBy(run => run.Pace))
            paces.Add(pace.Key, new JsonObject([.. pace.Select(run => KeyValuePair.Create<string, JsonNode?>(run.Provider, Figures(run)))]));
        return new JsonObject { ["conversation"] = conversation, ["messages"] = runs[0].Messages, ["paces"] = paces };
    }

    private JsonObject Figures(CostLines run) => new([.. run.ByRole(prices).Append(run.Total(prices)).Select(line =>
        KeyValuePair.Create<string, JsonNode?>(line.Role, new JsonObject
        {
            ["calls"] = Rounded(line.PerMessage.Calls),
            ["input_tokens"] = Rounded(line.PerMessage.InputTokens),
            ["cache_read_tokens"] = Rounded(line.PerMessage.CacheReadTokens),
            ["cache_write_tokens"] = Rounded(line.PerMessage.CacheWriteTokens),
            ["output_tokens"] = Rounded(line.PerMessage.OutputTokens),
            ["dollars_per_1000_messages"] = Rounded(line.DollarsPerThousand),
        }))]);

    private static string[] Row(string provider, CostLine line) =>
    [
        $"{provider} {line.Role}",
        line.PerMessage.Calls.ToString("0.00", CultureInfo.InvariantCulture),
        line.PerMessage.InputTokens.ToString("0.0", CultureInfo.InvariantCulture),
        line.PerMessage.CacheReadTokens.ToString("0.0", CultureInfo.InvariantCulture),
        line.PerMessage.OutputTokens.ToString("0.0", CultureInfo.InvariantCulture),
        line.DollarsPerThousand.ToString("0.0000", CultureInfo.InvariantCulture),
    ];

    private static string Meaning(string pace) => pace == CostRun.Live ? "each ingested before the next is said" : "in batches";

    private static double Rounded(double value) => Math.Round(value, 6);
}
