using Memory.Core.Ingestion;

namespace Memory.Core.Tests.Ingestion;

public sealed class PollPauseTests
{
    private static readonly IngestionOptions s_options = new();

    [Theory]
    [InlineData(1, 250, 500)]
    [InlineData(2, 250, 1_000)]
    [InlineData(3, 250, 2_000)]
    [InlineData(1_000, 250, 2_000)]
    public void A_writer_without_work_looks_again_after_a_quarter_of_a_second_to_two_as_drawn(int idle, double least, double most)
    {
        var random = new Random(idle);
        double[] waits = [.. Enumerable.Range(0, 500).Select(_ => PollPause.Draw(s_options, idle, random).TotalMilliseconds)];

        Assert.All(waits, wait => Assert.InRange(wait, least, most));
        Assert.True(waits.Max() - waits.Min() > 0.9 * (most - least));
    }

    [Fact]
    public void Where_the_longest_wait_is_shorter_than_the_usual_one_it_holds() =>
        Assert.Equal(TimeSpan.FromMilliseconds(100), PollPause.Draw(new IngestionOptions { LongestPollMilliseconds = 100 }, 5, Random.Shared));
}
