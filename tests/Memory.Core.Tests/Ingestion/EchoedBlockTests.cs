using Memory.Core.Episodic;
using Memory.Core.Ingestion.Extraction;
using Memory.Core.Retrieval;
using Memory.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Memory.Core.Tests.Ingestion;

/// <summary>A context block is known again when it comes back with a prompt that was stored, also when it came to harm on its way.</summary>
public sealed class EchoedBlockTests : ListenedTests
{
    [Theory]
    [InlineData("user")]
    [InlineData("assistant")]
    [InlineData("tool")]
    public async Task A_context_block_that_comes_back_leaves_nothing(string role)
    {
        string block = await BlockAsync();

        IngestionEvent done = await SayAsync(role, $"My hobby is chess.\n\n{block}");

        Assert.Equal("My hobby is chess.", Read);
        Assert.DoesNotContain(done.Results, result => result.Content.Contains("Porto", StringComparison.Ordinal));
        Assert.Contains(done.Results, result => result is { Operation: "NONE", Content: "a context block" });
    }

    [Theory]
    [InlineData("user")]
    [InlineData("assistant")]
    [InlineData("tool")]
    public async Task A_context_block_that_was_edited_between_its_boundaries_leaves_nothing(string role)
    {
        string block = await BlockAsync();

        await SayAsync(role, $"My hobby is chess.\n\n{block.Replace("User lives in Porto", "User lives in Faro\nand likes it", StringComparison.Ordinal)}");

        Assert.Equal("My hobby is chess.", Read);
    }

    public static TheoryData<string, string> Damages
    {
        get
        {
            var all = new TheoryData<string, string>();
            foreach (string role in (string[])["user", "assistant", "tool"])
            {
                foreach (string damage in (string[])["end lost", "beginning lost", "both lost", "other end", "cut in a turn", "cut in a memory"])
                    all.Add(role, damage);
            }

            return all;
        }
    }

    [Theory]
    [MemberData(nameof(Damages))]
    public async Task Of_a_context_block_that_lost_a_boundary_no_line_is_taken_for_speech(string role, string damage)
    {
        string[] lines = (await BlockAsync()).Split('\n');
        string[] left = damage switch
        {
            "end lost" => lines[..^1],
            "beginning lost" => lines[1..],
            "both lost" => lines[1..^1],
            "other end" => [.. lines[..^1], "</memories boundary=\"0123456789abcdef\">"],
            "cut in a turn" => [.. lines[..^2], lines[^2][..^8]],
            _ => [.. lines[..4], lines[4][..^4]],
        };
        List<string> whole = [.. left.Intersect(lines).Where(line => line.StartsWith("- ", StringComparison.Ordinal))];

        IngestionEvent done = await SayAsync(role, $"My hobby is chess.\n\n{string.Join('\n', left)}");

        Assert.StartsWith("My hobby is chess.", Read, StringComparison.Ordinal);
        Assert.Equal(damage switch { "cut in a memory" => 1, "cut in a turn" => 2, _ => 3 }, whole.Count);
        Assert.All(whole, line => Assert.DoesNotContain(line[line.IndexOf(']', StringComparison.Ordinal)..], Read, StringComparison.Ordinal));
        Assert.DoesNotContain("said]", Read, StringComparison.Ordinal);
        Assert.Empty(whole.Except(done.Results.Where(result => result.Operation == "NONE").Select(result => result.Content)));
    }

    [Fact]
    public async Task Without_boundaries_only_the_line_that_was_edited_is_read()
    {
        string[] lines = [.. (await BlockAsync()).Split('\n').Where(line => line.StartsWith("- ", StringComparison.Ordinal))];

        await SayAsync("user", string.Join('\n', lines).Replace("User lives in Porto", "User lives in Faro", StringComparison.Ordinal));

        Assert.EndsWith("User lives in Faro", Assert.Single(Read.Split('\n')), StringComparison.Ordinal);
    }

    /// <summary>Two memories, each in a line, and the turn that gave them.</summary>
    private async Task<string> BlockAsync()
    {
        var asked = new ContextRequest(new RecallRequest(Alice, "Where do I live?", 20, Turns: true)) { Parts = ContextPart.Of([ContextPart.Turns]) };
        string block = (await Rig.Api<ContextAssembler>().AssembleAsync(Rig.Principal, asked, CancellationToken.None)).Block;
        Assert.Equal(3, block.Split('\n').Count(line => line.StartsWith("- ", StringComparison.Ordinal)));
        Assert.Contains(" said] I live in Porto. I work as a nurse.", block, StringComparison.Ordinal);
        return block;
    }
}
