using Memory.Core;
using Memory.Core.Episodic;
using Memory.Testing;

namespace AspireMemory.Tests;

/// <summary>What an operator sees who makes an owner's memory anew.</summary>
public sealed class RebuildCommandTests : IAsyncLifetime
{
    private CoreRig _rig = null!;

    public async Task InitializeAsync()
    {
        _rig = await CoreRig.StartAsync();
        await _rig.Api<EpisodeLog>().AppendAsync(
            _rig.Principal, MemoryScope.Create(userId: "alice"), [new NewMessage("user", "I live in Porto.")], IngestionRequest.Plain, CancellationToken.None);
        await _rig.DrainAsync();
    }

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    public async Task It_says_that_nothing_differs_or_what_does_and_switches_over_when_told()
    {
        (int same, string nothing) = await RebuildAsync("--owner", "user:alice");
        await _rig.Database.ExecuteAsync("update memories set content = 'User lives in Atlantis'");
        (int differs, string difference) = await RebuildAsync("--owner", "user:alice", "--decide-anew", "--apply");

        Assert.Equal((0, 0), (same, differs));
        Assert.Contains("1 memories, the same as before", nothing, StringComparison.Ordinal);
        Assert.Contains("- active profile: User lives in Atlantis", difference, StringComparison.Ordinal);
        Assert.Contains("+ active profile: User lives in Porto", difference, StringComparison.Ordinal);
        Assert.Contains("switched over", difference, StringComparison.Ordinal);
        Assert.Equal("User lives in Porto", await _rig.Database.ScalarAsync<string>("select content from memories"));
    }

    [Fact]
    public async Task Whoever_has_no_memory_here_is_named_in_one_line()
    {
        (int code, string output) = await RebuildAsync("--owner", "user:nobody");

        Assert.Equal(1, code);
        Assert.Single(output.Split('\n'), line => line.StartsWith("rebuild: ", StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData()]
    [InlineData("--owner")]
    [InlineData("--owner", "alice")]
    [InlineData("--owner", "user:alice", "--project", "default")]
    public async Task What_cannot_be_understood_is_answered_with_how_to_say_it(params string[] arguments)
    {
        (int code, string output) = await RebuildAsync(arguments);

        Assert.Equal(2, code);
        Assert.Contains("usage: rebuild --owner KIND:ID", output, StringComparison.Ordinal);
    }

    private async Task<(int Code, string Output)> RebuildAsync(params string[] arguments)
    {
        var settings = new Dictionary<string, string?> { ["ConnectionStrings:memorydb"] = _rig.Database.Worker, ["ConnectionStrings:redis"] = (await TestServers.SharedAsync()).Redis };
        await using ServiceProcess rebuild = ServiceProcess.Start("Memory.Ingestor", settings, ["rebuild", .. arguments]);
        return (await rebuild.ExitAsync(), rebuild.Output);
    }
}
