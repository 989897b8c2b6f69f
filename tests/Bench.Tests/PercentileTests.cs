namespace Memory.Bench.Tests;

public class PercentileTests
{
    [Theory]
    [InlineData(.5, 3)]
    [InlineData(.95, 5)]
    [InlineData(1, 5)]
    [InlineData(0, 1)]
    public void It_is_the_nearest_measured_value(double share, double expected)
    {
        Assert.Equal(expected, Percentile.Of([5, 1, 4, 2, 3], share));
    }

    [Fact]
    public void Nothing_measured_is_zero()
    {
        Assert.Equal(0, Percentile.Of([], .5));
    }
}
