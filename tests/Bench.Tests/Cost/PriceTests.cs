using Memory.Bench.Cost;
using Memory.Models;
using Memory.Models.Metering;

namespace Memory.Bench.Tests.Cost;

public class PriceTests
{
    private static readonly Price Haiku = new PriceList(new Dictionary<string, Price>()).Of(ModelProvider.Bedrock, ModelRole.Extract);

    [Fact]
    public void Each_kind_of_token_has_its_price()
    {
        // 400,000 plain, 500,000 read, 100,000 written, 200,000 out.
        var usage = new RoleUsage(3, InputTokens: 1_000_000, OutputTokens: 200_000, CacheReadTokens: 500_000, CacheWriteTokens: 100_000);

        Assert.Equal(0.4 * 1.00 + 0.5 * 0.10 + 0.1 * 1.25 + 0.2 * 5.00, Haiku.Of(usage), 9);
    }

    [Fact]
    public void Where_a_cache_saves_nothing_its_tokens_cost_what_others_do()
    {
        var usage = new RoleUsage(1, InputTokens: 1_000_000, OutputTokens: 0, CacheReadTokens: 900_000, CacheWriteTokens: 50_000);

        Assert.Equal(0.02, Price.Uncached(0.02, 0).Of(usage), 9);
    }

    [Fact]
    public void The_rules_cost_nothing()
    {
        var prices = new PriceList(new Dictionary<string, Price>());

        Assert.All(ModelRole.All, role => Assert.Equal(0, prices.Of(ModelProvider.Builtin, role).Of(new RoleUsage(1, 9, 9, 0, 0))));
    }

    [Fact]
    public void A_price_of_ones_own_stands_before_the_list()
    {
        PriceList prices = CostArguments.Parse(["--price", "extract=0.25,1.25"]).Prices;

        Assert.Equal(new Price(0.25, 1.25, 0.25, 0.25), prices.Of(ModelProvider.OpenAi, ModelRole.Extract));
        Assert.Equal(new Price(0.40, 1.60, 0.10, 0.40), prices.Of(ModelProvider.OpenAi, ModelRole.Reconcile));
    }

    [Theory]
    [InlineData("extract=0.25")]
    [InlineData("extract=0.25,-1")]
    [InlineData("extract=cheap,dear")]
    [InlineData("summary=1,2")]
    [InlineData("1,2")]
    public void A_price_that_is_none_is_refused(string value) =>
        Assert.Throws<UsageException>(() => CostArguments.Parse(["--price", value]));

    [Theory]
    [InlineData("--json")]
    [InlineData("--fast")]
    [InlineData("somewhere")]
    public void Other_arguments_are_refused(string argument) =>
        Assert.Throws<UsageException>(() => CostArguments.Parse([argument]));
}
