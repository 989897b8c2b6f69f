using System.Text.Json.Nodes;
using Memory.Bench.Cost;
using Memory.Models;
using Memory.Models.Metering;

namespace Memory.Bench.Tests.Cost;

public class CostReportTests
{
    private static readonly PriceList Prices = new(new Dictionary<string, Price> { [ModelRole.Extract] = Price.Uncached(1, 5), [ModelRole.Embed] = Price.Uncached(0.02, 0) });

    private static readonly CostLines Lines = new(ModelProvider.Bedrock, CostRun.Live, Messages: 10, new Dictionary<string, RoleUsage>
    {
        [ModelRole.Embed] = new(5, 200, 0, 0, 0),
        [ModelRole.Extract] = new(10, 5_000, 400, 1_000, 0),
    });

    [Fact]
    public void Roles_stand_in_the_order_of_the_pipeline_and_add_up()
    {
        Assert.Equal(
            [new CostLine("extract", new RoleUsage(1, 500, 40, 100, 0), 0.7), new CostLine("embed", new RoleUsage(0.5, 20, 0, 0, 0), 0.0004)],
            Lines.ByRole(Prices).Select(Rounded));
        Assert.Equal(new CostLine("all", new RoleUsage(1.5, 520, 40, 100, 0), 0.7004), Rounded(Lines.Total(Prices)));
    }

    [Fact]
    public void A_table_shows_what_a_message_costs()
    {
        string text = new CostReport("talk", [Lines], Prices).ToText();

        Assert.Equal(
            [
                "talk, 10 messages, each ingested before the next is said",
                "per message      calls  input tokens  of them cached  output tokens  US$ / 1,000 messages",
                "---------------  -----  ------------  --------------  -------------  --------------------",
                "bedrock extract   1.00         500.0           100.0           40.0                0.7000",
                "bedrock embed     0.50          20.0             0.0            0.0                0.0004",
                "bedrock all       1.50         520.0           100.0           40.0                0.7004",
            ],
            text.Split(Environment.NewLine).Take(6));
    }

    [Fact]
    public void The_same_figures_stand_in_the_JSON()
    {
        JsonObject json = new CostReport("talk", [Lines], Prices).ToJson();

        Assert.Equal(10, json["messages"]!.GetValue<int>());
        JsonNode all = json["paces"]!["live"]!["bedrock"]!["all"]!;
        Assert.Equal((1.5, 520, 40, 0.7004), (Number(all, "calls"), Number(all, "input_tokens"), Number(all, "output_tokens"), Number(all, "dollars_per_1000_messages")));
    }

    [Fact]
    public void A_provider_without_calls_costs_nothing()
    {
        var free = new CostLines(ModelProvider.Builtin, CostRun.Bulk, 10, new Dictionary<string, RoleUsage>());

        Assert.Equal(new CostLine("all", new RoleUsage(0, 0, 0, 0, 0), 0), free.Total(Prices));
    }

    private static double Number(JsonNode of, string name) => of[name]!.GetValue<double>();

    private static CostLine Rounded(CostLine line) => line with { DollarsPerThousand = Math.Round(line.DollarsPerThousand, 9) };
}
