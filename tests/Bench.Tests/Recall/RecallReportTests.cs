using Memory.Bench.Append;
using Memory.Bench.Recall;

namespace Memory.Bench.Tests.Recall;

public class RecallReportTests
{
    private static readonly RecallLine s_line = new(1_000_000, "interleaved", 1_000, "recall, SQL", 0.9, 1.234, 5.678);
    private static readonly Load s_load = new("8 clients", 2, [1, 2, 3, 4], 0.5);

    [Fact]
    public void What_was_measured_is_in_the_table_and_in_the_figures()
    {
        var report = new RecallReport(RecallArguments.Parse([]), [s_line], [s_load], 61);

        Assert.Matches(@"recall, SQL\s+1000000\s+interleaved\s+1000\s+0\.90\s+1\.23\s+5\.68", report.ToText());
        Assert.Matches(@"8 clients\s+2\s+2\.0\s+4\.0\s+4\.0\s+0\.50", report.ToText());
        Assert.Equal(5.678, (double)report.ToJson()["readers"]![0]!["p95_ms"]!);
        Assert.Equal(4, (double)report.ToJson()["http"]![0]!["p95_ms"]!);
    }

    [Fact]
    public void A_million_memories_are_read_unless_said_otherwise()
    {
        Assert.Equal(new RecallArguments(1_000_000, 200, 15, "1GB", null), RecallArguments.Parse([]));
        Assert.Equal(
            new RecallArguments(10_000, 20, 3, "128MB", "out.json"),
            RecallArguments.Parse(["--rows", "10000", "--questions", "20", "--seconds", "3", "--shared-buffers", "128MB", "--json", "out.json"]));
    }

    [Theory]
    [InlineData("unknown option 'x'", "x")]
    [InlineData("--shared-buffers needs a value", "--shared-buffers")]
    [InlineData("--rows is 10000 to 10000000", "--rows", "9999")]
    [InlineData("--seconds is 1 to 600", "--seconds", "0")]
    public void Bad_arguments_say_what_is_wrong(string message, params string[] arguments)
    {
        var failure = Assert.Throws<UsageException>(() => RecallArguments.Parse(arguments));

        Assert.Contains(message, failure.Message, StringComparison.Ordinal);
    }
}
