using Memory.Testing;
using Microsoft.Extensions.AI;

namespace Chat.Agent.Tests;

/// <summary>What providers cache is what a prompt has in common with the one before, from its beginning: this holds it to be nearly all.</summary>
public sealed class PromptCacheTests : IAsyncLifetime
{
    private const int Block = 10;
    private ServiceProcess _api = null!;
    private AgentApplication _application = null!;

    public async Task InitializeAsync()
    {
        TestServers servers = await TestServers.SharedAsync();
        TestDatabase database = await servers.NewDatabaseAsync();
        _api = ServiceProcess.Start("Memory.Api", new Dictionary<string, string?>(EngineHost.Settings(database.Api, servers.Redis))
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["DOTNET_ENVIRONMENT"] = "Production",
        });
        _application = new AgentApplication(
            (await _api.AddressAsync()).ToString(), new ScriptedModel("That is ", "good to know."), settings: ("Memory:Client:ApiKey", TestServers.ApiKey));
    }

    public async Task DisposeAsync()
    {
        await _application.DisposeAsync();
        await _api.DisposeAsync();
    }

    [Fact]
    public async Task Over_a_hundred_turns_a_prompt_only_grows_before_its_memories_but_where_a_block_of_turns_is_let_go_of()
    {
        const int turns = 100;
        for (var turn = 0; turn < turns; turn++)
        {
            Answer answer = (await _application.Agent.ChatAsync($"On day {turn} I went to town number {turn} with Maria.", "talk")).Ok();
            Assert.Empty(answer.Degraded);
        }

        List<string> prefixes = [.. _application.Model.Prompts.Select(BeforeMemories)];
        List<int> breaks = [.. Enumerable.Range(1, turns - 1).Where(turn => !prefixes[turn].StartsWith(prefixes[turn - 1], StringComparison.Ordinal))];

        Assert.Equal(turns, prefixes.Count);
        // Ten messages are five exchanges; the first block is one short, since messages count from 1.
        Assert.InRange(breaks.Count, 1, turns * 2 / Block);
        Assert.All(breaks.Zip(breaks.Skip(1)).Skip(1), pair => Assert.Equal(Block / 2, pair.Second - pair.First));
    }

    /// <summary>Everything up to the newest message: what is after it, or quoted from memory, is new every time.</summary>
    private static string BeforeMemories(IReadOnlyList<ChatMessage> prompt)
    {
        IEnumerable<string> messages = prompt.SkipLast(1).Select(message => $"{message.Role}\n{message.Text}\n\n");
        string newest = prompt[^1].Contents.OfType<TextContent>().First().Text;
        return string.Concat(messages) + $"{prompt[^1].Role}\n{newest}";
    }
}
