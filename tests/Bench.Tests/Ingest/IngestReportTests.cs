using Memory.Bench.Ingest;
using Memory.Models.Metering;

namespace Memory.Bench.Tests.Ingest;

public class IngestReportTests
{
    private static readonly IngestLines s_run = new("talk", "openai", "bulk", 10, 123.4, new Dictionary<string, RoleUsage>
    {
        ["extract"] = new(2, 500, 40, 0, 0),
        ["reconcile"] = new(1, 100, 20, 0, 0),
        ["embed"] = new(5, 70, 0, 0, 0),
    });

    [Fact]
    public void Calls_and_tokens_are_those_of_a_message_and_vectors_stand_apart()
    {
        Assert.Equal(0.3, s_run.ModelCalls, 9);
        Assert.Equal(0.5, s_run.EmbeddingCalls, 9);
        Assert.Equal(60, s_run.InputTokens, 9);
        Assert.Equal(6, s_run.OutputTokens, 9);
    }

    [Fact]
    public void What_was_not_measured_is_left_open()
    {
        string text = new IngestReport([s_run with { PerSecond = null }], TimeSpan.FromMilliseconds(300)).ToText();

        Assert.Matches(@"talk, openai\s+bulk\s+10\s+-\s+0\.30\s+0\.50\s+60\.0\s+6\.0", text);
    }

    [Theory]
    [InlineData("unknown option 'x'", "x")]
    [InlineData("--conversation needs a value", "--conversation")]
    public void Bad_arguments_say_what_is_wrong(string message, params string[] arguments)
    {
        var failure = Assert.Throws<UsageException>(() => IngestArguments.Parse(arguments));

        Assert.Contains(message, failure.Message, StringComparison.Ordinal);
    }
}
