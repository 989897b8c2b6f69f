using System.Text.Json;
using Memory.Models.Bedrock;
using Memory.Testing.Models;
using Microsoft.Extensions.AI;

namespace Memory.Core.Tests.Models;

/// <summary>Where cache points go, and what the usage says of them.</summary>
public sealed class BedrockCacheTests : IAsyncLifetime
{
    private const int From = 100;

    private readonly ScriptedBedrock _server = new();

    public Task InitializeAsync() => _server.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData(400, 2, From, true, true)]
    [InlineData(399, 2, From, false, true)]
    [InlineData(397, 2, From, false, false)]
    [InlineData(10, 389, From, false, false)]
    [InlineData(10, 390, From, false, true)]
    [InlineData(4_000, 4_000, 0, false, false)]
    public async Task A_front_gets_a_cache_point_from_the_threshold_on(int systemChars, int windowChars, int from, bool afterSystem, bool afterWindow)
    {
        using BedrockChatClient client = BedrockClients.Chat(_server, cacheFromTokens: from);

        await client.GetResponseAsync(Conversation(systemChars, windowChars, "What changes may be long: " + new string('q', 10_000)));

        Assert.Equal([afterSystem, false, afterWindow, false], Points(_server.Calls.Single()));
    }

    [Fact]
    public async Task Tools_count_to_the_front_and_carry_the_point_where_there_is_no_system_text()
    {
        using BedrockChatClient client = BedrockClients.Chat(_server, cacheFromTokens: From);
        var options = new ChatOptions { ResponseFormat = ChatResponseFormat.ForJsonSchema(Schema(400), "facts") };

        await client.GetResponseAsync("Hello.", options);
        options.Instructions = "Brief.";
        await client.GetResponseAsync("Hello.", options);

        JsonElement.ArrayEnumerator[] tools = [.. _server.Calls.Select(call => call.Body.GetProperty("toolConfig").GetProperty("tools").EnumerateArray())];
        Assert.Equal([false, true], tools[0].Select(IsPoint));
        Assert.Equal([false], tools[1].Select(IsPoint));
        Assert.Equal([true, false], Points(_server.Calls[1]));
    }

    [Fact]
    public async Task Input_counts_everything_and_the_caches_share_is_told_apart()
    {
        using BedrockChatClient client = BedrockClients.Chat(_server, cacheFromTokens: From);

        UsageDetails first = (await client.GetResponseAsync(Conversation(400, 396, "Four"))).Usage!;
        UsageDetails second = (await client.GetStreamingResponseAsync(Conversation(400, 396, "Another!")).ToChatResponseAsync()).Usage!;
        UsageDetails uncached = (await BedrockClients.Chat(_server).GetResponseAsync(Conversation(400, 396, "Four"))).Usage!;

        Assert.Equal((200, 2, 202, 0, 199), Counts(first));
        Assert.Equal((201, 2, 203, 199, 0), Counts(second));
        Assert.Equal((200, 2, 202, 0, 0), Counts(uncached));
    }

    /// <param name="windowChars">At least 2: the assistant's turn, which ends the window, is one of them.</param>
    private static ChatMessage[] Conversation(int systemChars, int windowChars, string question) =>
    [
        new(ChatRole.System, new string('s', systemChars)),
        new(ChatRole.User, new string('w', windowChars - 1)),
        new(ChatRole.Assistant, "-"),
        new(ChatRole.User, question),
    ];

    private static JsonElement Schema(int chars) =>
        JsonSerializer.SerializeToElement(new { type = "object", description = new string('d', chars) });

    /// <summary>For the system blocks together, then for each turn: whether a cache point ends it.</summary>
    private static IEnumerable<bool> Points(ModelCall call) =>
        call.Body.GetProperty("messages").EnumerateArray().Select(turn => turn.GetProperty("content"))
            .Prepend(call.Body.GetProperty("system")).Select(blocks => IsPoint(blocks.EnumerateArray().Last()));

    private static bool IsPoint(JsonElement block) =>
        block.TryGetProperty("cachePoint", out JsonElement point) && point.GetProperty("type").GetString() == "default";

    private static (long?, long?, long?, long?, long) Counts(UsageDetails usage) =>
        (usage.InputTokenCount, usage.OutputTokenCount, usage.TotalTokenCount, usage.CachedInputTokenCount, usage.AdditionalCounts!["cache_write_input_tokens"]);
}
