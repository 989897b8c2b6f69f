using Memory.Bench.Exact;

namespace Memory.Bench.Tests.Exact;

public class ExactArgumentsTests
{
    [Fact]
    public void People_of_up_to_a_hundred_thousand_memories_are_asked_about_unless_said_otherwise()
    {
        Assert.Equal(new ExactArguments(100_000, 50, null), ExactArguments.Parse([]));
        Assert.Equal(new ExactArguments(1_000, 5, "out.json"), ExactArguments.Parse(["--largest", "1000", "--questions", "5", "--json", "out.json"]));
    }

    [Theory]
    [InlineData("unknown option 'x'", "x")]
    [InlineData("--json needs a value", "--json")]
    [InlineData("--largest is 10 to 1000000", "--largest", "9")]
    [InlineData("--questions is 1 to 10000", "--questions", "none")]
    public void Bad_arguments_say_what_is_wrong(string message, params string[] arguments)
    {
        var failure = Assert.Throws<UsageException>(() => ExactArguments.Parse(arguments));

        Assert.Contains(message, failure.Message, StringComparison.Ordinal);
    }
}
