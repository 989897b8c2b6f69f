using Memory.Bench.Locomo;

namespace Memory.Bench.Tests.Locomo;

public class LocomoArgumentsTests
{
    [Fact]
    public void Options_may_stand_before_and_after_the_folder()
    {
        Assert.Equal(new LocomoArguments("data", "out.json", 8), LocomoArguments.Parse(["--json", "out.json", "data", "--parallel", "8"]));
    }

    [Theory]
    [InlineData("DIR is missing")]
    [InlineData("one DIR only", "a", "b")]
    [InlineData("unknown option '--fast'", "a", "--fast")]
    [InlineData("--json needs a value", "a", "--json")]
    [InlineData("--parallel is 1 to 64", "a", "--parallel", "0")]
    [InlineData("--parallel is 1 to 64", "a", "--parallel", "many")]
    public void Bad_arguments_say_what_is_wrong(string message, params string[] arguments)
    {
        var failure = Assert.Throws<UsageException>(() => LocomoArguments.Parse(arguments));

        Assert.Contains(message, failure.Message, StringComparison.Ordinal);
    }
}
