using Memory.Bench;
using Memory.Bench.Ablation;
using Memory.Core.Retrieval;

namespace Bench.Tests.Ablation;

public sealed class VariantTests
{
    [Fact]
    public void Every_weight_that_is_turned_off_is_one_of_the_ranking() =>
        Assert.All(Variant.EachOff.SelectMany(variant => variant.Settings.Keys), name => Assert.NotNull(typeof(RankingOptions).GetProperty(name)));

    [Fact]
    public void The_first_one_has_all_signals() => Assert.Empty(Variant.EachOff[0].Settings);

    [Fact]
    public void Other_weights_are_read_with_points_and_commas()
    {
        Variant variant = Variant.Parse("Speaker=2.5,Session=0");

        Assert.Equal("2.5", variant.ToEnvironment()["Memory:Ranking:Speaker"]);
        Assert.Equal("0", variant.ToEnvironment()["Memory:Ranking:Session"]);
    }

    [Theory]
    [InlineData("Speaker")]
    [InlineData("=1")]
    [InlineData("Speaker=much")]
    public void What_is_no_weight_is_refused(string text) => Assert.Throws<UsageException>(() => Variant.Parse(text));
}
