using System.Net.Http.Json;
using System.Text.Json;
using Memory.Testing.Models;

namespace AspireMemory.Tests;

/// <summary>The flow with real clients of models: what else has to hold.</summary>
public abstract class ModelFlowTests(ModelSystem system, string chat, string embed) : ProviderFlowTests(system)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Every_role_asks_the_model_that_is_meant_for_it()
    {
        await system.ChatAsync("olga", "c", "I live in Porto.");
        await system.MemoriesAsync("olga", atLeast: 1);

        Assert.Contains(system.Models.Calls, call => call is { Task: ModelTask.Chat, Schema: "remember_facts" } && call.Model == chat);
        Assert.Contains(system.Models.Calls, call => call is { Task: ModelTask.Stream, Schema: null } && call.Model == chat);
        Assert.Contains(system.Models.Calls, call => call is { Task: ModelTask.Embed, Dimensions: 1024 } && call.Model == embed);
    }

    [Fact]
    public async Task What_models_cost_stands_on_the_event()
    {
        using HttpResponseMessage added = await system.Api.PostAsJsonAsync(
            "/v3/memories/add/", new { user_id = "paul", messages = new[] { new { role = "user", content = "I live in Porto." } } });
        string id = (await added.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("event_id").GetString()!;
        await system.MemoriesAsync("paul", atLeast: 1);

        JsonElement usage = (await system.Api.GetFromJsonAsync<JsonElement>($"/v1/event/{id}/")).GetProperty("usage");

        Assert.Equal(1, usage.GetProperty("extract").GetProperty("calls").GetDouble());
        Assert.InRange(usage.GetProperty("extract").GetProperty("input_tokens").GetDouble(), 100, 5_000);
        Assert.InRange(usage.GetProperty("extract").GetProperty("output_tokens").GetDouble(), 10, 500);
        Assert.False(usage.TryGetProperty("reconcile", out _));
    }

    [Fact]
    public async Task The_models_that_a_batch_asks_are_part_of_its_trace()
    {
        await system.ChatAsync("quinn", "c", "I live in Porto.");
        await system.MemoriesAsync("quinn", atLeast: 1);

        // A batch may find all its vectors in the cache, and one of small talk asks nobody: some batch asks both.
        await system.Traces.UntilAsync(spans =>
            [.. spans.Where(batch => batch is { Name: "ingest batch", Parent: "" } && Asked(spans, batch).IsSupersetOf([$"chat {chat}", $"embeddings {embed}"]))]);
    }

    [Fact]
    public async Task The_first_word_is_shown_as_it_comes_and_the_model_is_stopped_when_nobody_listens()
    {
        var never = new TaskCompletionSource();
        system.Models.Script = call => call.Task == ModelTask.Stream && call.Messages[^1].Text.StartsWith("Count slowly", StringComparison.Ordinal)
            ? new ModelReply.Say("First second third.") { Pace = (word, token) => word == 0 ? Task.CompletedTask : never.Task.WaitAsync(token) }
            : OracleModel.Answer(call);
        using var listener = new CancellationTokenSource();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/chat/stream")
        {
            Content = JsonContent.Create(new { user_id = "rosa", conversation_id = "c", message = "Count slowly." }),
        };
        using HttpResponseMessage answer = await system.Agent.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, listener.Token);

        using var events = new StreamReader(await answer.Content.ReadAsStreamAsync(listener.Token));
        string first = await FirstTokenAsync(events).WaitAsync(s_patience);
        await listener.CancelAsync();
        answer.Dispose();
        ModelCall abandoned = await system.Models.Abandoned.WaitAsync(s_patience);

        Assert.Contains("First", first, StringComparison.Ordinal);
        Assert.Equal(ModelTask.Stream, abandoned.Task);
    }

    private static HashSet<string> Asked(IEnumerable<CaughtSpan> spans, CaughtSpan batch) =>
        [.. spans.Where(span => span.Trace == batch.Trace && span.Parent == batch.Id && span.Service == "memory-ingestor").Select(span => span.Name)];

    private static async Task<string> FirstTokenAsync(StreamReader events)
    {
        while (await events.ReadLineAsync() != "event: token")
        {
        }

        return (await events.ReadLineAsync())!;
    }
}

/// <summary>One system after the other: three at a time would starve on two cores.</summary>
[CollectionDefinition(Name)]
public sealed class ModelCollection
{
    public const string Name = "models";
}

[Collection(ModelCollection.Name)]
public sealed class BedrockFlowTests(BedrockSystem system)
    : ModelFlowTests(system, "global.anthropic.claude-haiku-4-5-20251001-v1:0", "amazon.titan-embed-text-v2:0"), IClassFixture<BedrockSystem>;

[Collection(ModelCollection.Name)]
public sealed class OpenAiFlowTests(OpenAiSystem system)
    : ModelFlowTests(system, "gpt-4.1-mini", "text-embedding-3-small"), IClassFixture<OpenAiSystem>;
