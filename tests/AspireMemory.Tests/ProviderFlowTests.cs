using System.Net.Http.Json;
using System.Text.Json;

namespace AspireMemory.Tests;

/// <summary>The whole flow, the same with every provider of models.</summary>
public abstract class ProviderFlowTests(RunningSystem system)
{
    [Fact]
    public async Task Told_in_one_conversation_it_is_remembered_in_another()
    {
        JsonElement told = await system.ChatAsync("flora", "first", "Hi, my name is Flora. I live in Porto and I work as a gardener.");
        await system.MemoriesAsync("flora", atLeast: 3);

        JsonElement asked = await system.ChatAsync("flora", "second", "Where do I live?");

        Assert.Empty(told.GetProperty("degraded").EnumerateArray());
        Assert.Empty(asked.GetProperty("degraded").EnumerateArray());
        Assert.Equal("You live in Porto.", asked.GetProperty("reply").GetString());
        Assert.Equal("second", asked.GetProperty("conversation_id").GetString());
        Assert.True(asked.GetProperty("message_id").TryGetGuid(out _));
        JsonElement used = asked.GetProperty("memories").EnumerateArray().First();
        Assert.Equal("User lives in Porto", used.GetProperty("memory").GetString());
        Assert.InRange(used.GetProperty("score").GetDouble(), 0.3, 1);
    }

    [Fact]
    public async Task What_changed_takes_the_place_of_what_was()
    {
        await system.ChatAsync("nils", "first", "I live in Porto.");
        await system.MemoriesAsync("nils", atLeast: 1);
        await system.ChatAsync("nils", "first", "I moved to Bergen last week.");
        await system.UntilAsync("nils", memories => memories.Any(memory => memory.Contains("Bergen", StringComparison.Ordinal)));

        JsonElement asked = await system.ChatAsync("nils", "second", "Where do I live?");

        Assert.Single(await system.MemoriesAsync("nils", atLeast: 1));
        Assert.Contains("Bergen", asked.GetProperty("reply").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("Porto", asked.GetProperty("reply").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_person_never_sees_the_firsts_memory()
    {
        await system.ChatAsync("greta", "c", "My phone number is 555 0142 and I live in Bergen.");
        await system.MemoriesAsync("greta", atLeast: 2);

        JsonElement asked = await system.ChatAsync("hugo", "c", "What is my phone number? Do I live in Bergen?");

        Assert.Empty(asked.GetProperty("memories").EnumerateArray());
        Assert.DoesNotContain("555", asked.GetProperty("reply").GetString());
    }

    [Fact]
    public async Task The_stream_sends_the_context_then_tokens_then_the_whole_answer()
    {
        using HttpResponseMessage answer = await system.Agent.PostAsJsonAsync(
            "/api/chat/stream", new { user_id = "lena", conversation_id = "c", message = "What is the capital of France?" });
        string[] events = [.. (await answer.Content.ReadAsStringAsync()).Split("\n\n", StringSplitOptions.RemoveEmptyEntries)];

        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        Assert.StartsWith("event: context\n", events[0]);
        Assert.All(events[1..^1], token => Assert.StartsWith("event: token\n", token));
        Assert.StartsWith("event: done\n", events[^1]);
        Assert.InRange(events.Length, 4, 100);
    }
}

[Collection(SystemCollection.Name)]
public sealed class BuiltinFlowTests(RunningSystem system) : ProviderFlowTests(system);
