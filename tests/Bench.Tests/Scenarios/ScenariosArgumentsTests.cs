using Memory.Bench.Scenarios;

namespace Memory.Bench.Tests.Scenarios;

public class ScenariosArgumentsTests
{
    [Fact]
    public void The_file_may_stand_before_and_after_the_folder()
    {
        Assert.Equal(new ScenariosArguments("data", "out.jsonl"), ScenariosArguments.Parse(["--out", "out.jsonl", "data"]));
        Assert.Equal(new ScenariosArguments("data", "out.jsonl"), ScenariosArguments.Parse(["data", "--out", "out.jsonl"]));
    }

    [Theory]
    [InlineData("DIR is missing", "--out", "f")]
    [InlineData("--out is missing", "a")]
    [InlineData("one DIR only", "a", "b", "--out", "f")]
    [InlineData("unknown option '--fast'", "a", "--fast")]
    public void Bad_arguments_say_what_is_wrong(string message, params string[] arguments) =>
        Assert.Contains(message, Assert.Throws<UsageException>(() => ScenariosArguments.Parse(arguments)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_snapshot_leaves_out_what_is_not_so()
    {
        var snapshot = new Snapshot("s1", [new SnapshotMemory("m", "u1", "User lives in Leeds", "profile", "active", null, null, null, true)], [], [], [], []);

        Assert.Equal(
            """{"id":"s1","memories":[{"id":"m","user":"u1","text":"User lives in Leeds","kind":"profile","status":"active","trusted":true}],"entities":[],"relations":[],"progress":[],"probe_results":[]}""",
            snapshot.ToLine());
    }
}
