using Memory.Bench.Append;

namespace Memory.Bench.Tests.Append;

public class AppendArgumentsTests
{
    [Fact]
    public void Each_load_is_kept_up_for_ten_seconds_unless_said_otherwise()
    {
        Assert.Equal(new AppendArguments(10, null, true), AppendArguments.Parse([]));
        Assert.Equal(
            new AppendArguments(3, "out.json", false), AppendArguments.Parse(["--seconds", "3", "--json", "out.json", "--unprepared"]));
    }

    [Theory]
    [InlineData("unknown option 'x'", "x")]
    [InlineData("--json needs a value", "--json")]
    [InlineData("--seconds is 1 to 600", "--seconds", "0")]
    [InlineData("--seconds is 1 to 600", "--seconds", "long")]
    public void Bad_arguments_say_what_is_wrong(string message, params string[] arguments)
    {
        var failure = Assert.Throws<UsageException>(() => AppendArguments.Parse(arguments));

        Assert.Contains(message, failure.Message, StringComparison.Ordinal);
    }
}
