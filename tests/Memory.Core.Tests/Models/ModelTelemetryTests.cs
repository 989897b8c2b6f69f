using System.Diagnostics;
using Memory.Models;
using Memory.Testing.Models;
using Microsoft.Extensions.AI;

namespace Memory.Core.Tests.Models;

/// <summary>What a model call leaves in traces and metrics, the same with every provider.</summary>
public sealed class ModelTelemetryTests
{
    private const string Canary = "canary-9e41";

    // Only so that a failing test fails instead of hanging.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(ModelProvider.Bedrock, false)]
    [InlineData(ModelProvider.Bedrock, true)]
    [InlineData(ModelProvider.OpenAi, false)]
    [InlineData(ModelProvider.OpenAi, true)]
    public async Task A_chat_call_is_a_span_of_who_was_asked_and_what_it_cost(string provider, bool streamed)
    {
        await using MeteredModels models = await MeteredModels.StartAsync(provider);
        using var caught = new CaughtTelemetry(models.ChatModel);

        ChatResponse answer = await AskAsync(models.Chat(), "What is new?", streamed);

        Activity span = Assert.Single(caught.Spans);
        Assert.Equal(($"chat {models.ChatModel}", ActivityKind.Client, ActivityStatusCode.Unset), (span.DisplayName, span.Kind, span.Status));
        Assert.Equal("chat", span.GetTagItem("gen_ai.operation.name"));
        Assert.Equal(models.ProviderName, span.GetTagItem("gen_ai.provider.name"));
        Assert.Equal(models.ChatModel, span.GetTagItem("gen_ai.response.model"));
        Assert.Equal(["stop"], Assert.IsType<string[]>(span.GetTagItem("gen_ai.response.finish_reasons")));
        Assert.Equal(answer.Usage!.InputTokenCount, span.GetTagItem("gen_ai.usage.input_tokens"));
        Assert.Equal(answer.Usage!.OutputTokenCount, span.GetTagItem("gen_ai.usage.output_tokens"));
        Assert.InRange(answer.Usage!.InputTokenCount!.Value, 1, 100);
        Assert.InRange(answer.Usage!.OutputTokenCount!.Value, 1, 100);
        Assert.Equal((models.Server.Address.Host, models.Server.Address.Port), (span.GetTagItem("server.address"), span.GetTagItem("server.port")));
        Assert.Equal("chat", span.GetTagItem("memory.model.role"));
        Assert.Null(span.GetTagItem("error.type"));
    }

    [Theory]
    [MemberData(nameof(MeteredModels.Providers), MemberType = typeof(MeteredModels))]
    public async Task An_embeddings_call_is_a_span_too(string provider)
    {
        await using MeteredModels models = await MeteredModels.StartAsync(provider);
        using var caught = new CaughtTelemetry(models.EmbedModel);

        GeneratedEmbeddings<Embedding<float>> vectors = await models.Embeddings().GenerateAsync(["I live in Porto."]);

        Activity span = Assert.Single(caught.Spans);
        Assert.Equal(($"embeddings {models.EmbedModel}", ActivityKind.Client), (span.DisplayName, span.Kind));
        Assert.Equal("embeddings", span.GetTagItem("gen_ai.operation.name"));
        Assert.Equal(models.ProviderName, span.GetTagItem("gen_ai.provider.name"));
        Assert.Equal(MeteredModels.Dimensions, span.GetTagItem("gen_ai.embeddings.dimension.count"));
        Assert.Equal(vectors.Usage!.InputTokenCount, span.GetTagItem("gen_ai.usage.input_tokens"));
        Assert.Equal("embed", span.GetTagItem("memory.model.role"));
    }

    [Theory]
    [MemberData(nameof(MeteredModels.Providers), MemberType = typeof(MeteredModels))]
    public async Task What_a_prompt_cache_gave_is_told_apart(string provider)
    {
        await using MeteredModels models = await MeteredModels.StartAsync(provider);
        using var caught = new CaughtTelemetry(models.ChatModel);
        ChatMessage[] prompt = [new(ChatRole.System, new string('s', 8_000)), new(ChatRole.User, "Hello?")];

        await models.Chat().GetResponseAsync(prompt);
        await models.Chat().GetResponseAsync(prompt);

        // Only Bedrock says, and bills, what was written to the cache.
        Assert.Equal(provider == ModelProvider.Bedrock ? 2_000L : null, caught.Spans[0].GetTagItem("gen_ai.usage.cache_creation.input_tokens"));
        Assert.Equal(0L, caught.Spans[0].GetTagItem("gen_ai.usage.cache_read.input_tokens"));
        Assert.InRange((long)caught.Spans[1].GetTagItem("gen_ai.usage.cache_read.input_tokens")!, 2_000, 2_010);
        Assert.Null(caught.Spans[1].GetTagItem("gen_ai.usage.cache_creation.input_tokens"));
        Assert.Equal(caught.Spans[0].GetTagItem("gen_ai.usage.input_tokens"), caught.Spans[1].GetTagItem("gen_ai.usage.input_tokens"));
    }

    [Theory]
    [MemberData(nameof(MeteredModels.Providers), MemberType = typeof(MeteredModels))]
    public async Task Duration_and_tokens_are_measured_by_role(string provider)
    {
        await using MeteredModels models = await MeteredModels.StartAsync(provider);
        using var caught = new CaughtTelemetry(models.ChatModel);

        ChatResponse answer = await models.Chat(ModelRole.Extract).GetResponseAsync("What is new?");

        Measured duration = Assert.Single(caught.Metrics, one => one.Instrument == "gen_ai.client.operation.duration");
        Assert.Equal("s", duration.Unit);
        Assert.InRange(duration.Value, 0, s_patience.TotalSeconds);
        Measured[] tokens = [.. caught.Metrics.Where(one => one.Instrument == "gen_ai.client.token.usage").OrderBy(one => one.Tags["gen_ai.token.type"])];
        Assert.Equal(["input", "output"], tokens.Select(one => one.Tags["gen_ai.token.type"]));
        Assert.Equal([answer.Usage!.InputTokenCount!.Value, answer.Usage!.OutputTokenCount!.Value], tokens.Select(one => (long)one.Value));
        Assert.All(tokens, one => Assert.Equal("{token}", one.Unit));
        Assert.All(caught.Metrics, one => Assert.Equal(
            ("chat", models.ProviderName, "extract"), (one.Tags["gen_ai.operation.name"], one.Tags["gen_ai.provider.name"], one.Tags["memory.model.role"])));
    }

    [Theory]
    [MemberData(nameof(MeteredModels.Providers), MemberType = typeof(MeteredModels))]
    public async Task Every_attempt_has_a_span_and_a_failed_one_says_why(string provider)
    {
        await using MeteredModels models = await MeteredModels.StartAsync(provider);
        using var caught = new CaughtTelemetry(models.ChatModel);
        models.Server.Next(new ModelReply.Problem(503, "ServiceUnavailableException", "later"), new ModelReply.Reset(new ModelReply.Say("Half an answer"), 5));

        await models.Chat().GetResponseAsync("What is new?");

        Assert.Equal(["503", "Failed", null], caught.Spans.Select(span => span.GetTagItem("error.type")));
        Assert.Equal([ActivityStatusCode.Error, ActivityStatusCode.Error, ActivityStatusCode.Unset], caught.Spans.Select(span => span.Status));
        Assert.Equal(
            ["503", "Failed", null],
            caught.Metrics.Where(one => one.Instrument == "gen_ai.client.operation.duration").Select(one => one.Tags.GetValueOrDefault("error.type")));
        Assert.Equal(2, caught.Metrics.Count(one => one.Instrument == "gen_ai.client.token.usage"));
    }

    [Theory]
    [MemberData(nameof(MeteredModels.Providers), MemberType = typeof(MeteredModels))]
    public async Task A_streams_span_ends_with_the_stream(string provider)
    {
        await using MeteredModels models = await MeteredModels.StartAsync(provider);
        using var caught = new CaughtTelemetry(models.ChatModel);
        var gate = new TaskCompletionSource();
        models.Server.Next(new ModelReply.Say("One two three") { Pace = (place, cancel) => place == 0 ? Task.CompletedTask : gate.Task.WaitAsync(cancel) });
        await using IAsyncEnumerator<ChatResponseUpdate> updates = models.Chat().GetStreamingResponseAsync("Count.").GetAsyncEnumerator();

        // An answer may begin with a piece that holds no word yet.
        while (await updates.MoveNextAsync() && updates.Current.Text.Length == 0)
        {
        }

        Assert.Empty(caught.Spans);
        gate.SetResult();
        while (await updates.MoveNextAsync())
        {
        }

        Activity span = Assert.Single(caught.Spans);
        Assert.NotNull(span.GetTagItem("gen_ai.usage.output_tokens"));
        Assert.Null(span.GetTagItem("error.type"));
    }

    [Theory]
    [MemberData(nameof(MeteredModels.Providers), MemberType = typeof(MeteredModels))]
    public async Task A_stream_that_breaks_says_so_on_its_span(string provider)
    {
        await using MeteredModels models = await MeteredModels.StartAsync(provider);
        using var caught = new CaughtTelemetry(models.ChatModel);
        ModelReply half = new ModelReply.Say("One two three") { Pace = (place, cancel) => place < 2 ? Task.CompletedTask : Task.Delay(Timeout.Infinite, cancel) };
        models.Server.Next(half);
        var resilience = new ResilienceOptions { AttemptTimeoutSeconds = 1, Retries = 0 };

        await Assert.ThrowsAsync<ModelException.Failed>(() => models.Chat(resilience: resilience).GetStreamingResponseAsync("Count.").ToChatResponseAsync());

        Activity span = Assert.Single(caught.Spans);
        Assert.Equal(ActivityStatusCode.Error, span.Status);
        Assert.NotNull(span.GetTagItem("error.type"));
    }

    [Theory]
    [MemberData(nameof(MeteredModels.Providers), MemberType = typeof(MeteredModels))]
    public async Task A_call_within_other_work_is_part_of_its_trace(string provider)
    {
        await using MeteredModels models = await MeteredModels.StartAsync(provider);
        using var chats = new CaughtTelemetry(models.ChatModel);
        using var embeddings = new CaughtTelemetry(models.EmbedModel);
        using var work = new Activity("work");
        work.Start();

        await AskAsync(models.Chat(), "What is new?", streamed: false);
        await AskAsync(models.Chat(), "What is new?", streamed: true);
        await models.Embeddings().GenerateAsync(["I live in Porto."]);

        Assert.Equal(3, chats.Spans.Count + embeddings.Spans.Count);
        Assert.All(chats.Spans.Concat(embeddings.Spans), span => Assert.Equal((work.TraceId, work.SpanId), (span.TraceId, span.ParentSpanId)));
        Assert.Same(work, Activity.Current);
    }

    [Theory]
    [MemberData(nameof(MeteredModels.Providers), MemberType = typeof(MeteredModels))]
    public async Task Nothing_that_is_said_stands_in_a_span_or_a_metric(string provider)
    {
        await using MeteredModels models = await MeteredModels.StartAsync(provider);
        using var chats = new CaughtTelemetry(models.ChatModel);
        using var embeddings = new CaughtTelemetry(models.EmbedModel);
        models.Server.Next(
            new ModelReply.Say($"Yes, {Canary}."), new ModelReply.Say($"Yes, {Canary}."), new ModelReply.Problem(400, "ValidationException", Canary),
            new ModelReply.Problem(500, "InternalServerException", Canary), new ModelReply.Problem(500, "InternalServerException", Canary), new ModelReply.Problem(500, "InternalServerException", Canary));
        ChatMessage[] prompt = [new(ChatRole.System, Canary), new(ChatRole.User, Canary)];

        await models.Chat().GetResponseAsync(prompt);
        await models.Chat().GetStreamingResponseAsync(prompt).ToChatResponseAsync();
        await Assert.ThrowsAnyAsync<ModelException>(() => models.Chat().GetResponseAsync(prompt));
        await Assert.ThrowsAnyAsync<ModelException>(() => models.Chat().GetResponseAsync(prompt));
        await models.Embeddings().GenerateAsync([Canary]);

        Assert.Equal((6, 1), (chats.Spans.Count, embeddings.Spans.Count));
        Assert.DoesNotContain(Canary, chats.All() + embeddings.All(), StringComparison.Ordinal);
    }

    private static Task<ChatResponse> AskAsync(IChatClient chat, string question, bool streamed) => streamed
        ? chat.GetStreamingResponseAsync(question).ToChatResponseAsync()
        : chat.GetResponseAsync(question);
}
