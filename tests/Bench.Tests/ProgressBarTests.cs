namespace Memory.Bench.Tests;

public class ProgressBarTests
{
    private readonly StringWriter error = new() { NewLine = "\n" };

    [Fact]
    public void What_is_said_stands_on_a_line_of_its_own_and_the_bar_goes_on_below()
    {
        using var bar = new ProgressBar("load", 4, error, visible: true);
        string empty = $"load       [{new string('.', 30)}] 0/4";

        bar.SayOnce("full", "the server is full");

        Assert.Equal($"\r{empty}\r{"the server is full".PadRight(empty.Length)}\n\r{empty}", error.ToString());
    }

    [Fact]
    public void Where_no_bar_is_shown_it_is_said_all_the_same()
    {
        using (var bar = new ProgressBar("load", 4, error, visible: false))
        {
            bar.SayOnce("full", "the server is full");
            bar.Tick();
        }

        Assert.Equal("the server is full\n", error.ToString());
    }

    [Fact]
    public void One_reason_is_said_once()
    {
        using var bar = new ProgressBar("load", 4, error, visible: false);

        bar.SayOnce("full", "full for 3 s");
        bar.SayOnce("away", "away");
        bar.SayOnce("full", "full for 2 s");

        Assert.Equal("full for 3 s\naway\n", error.ToString());
    }
}
