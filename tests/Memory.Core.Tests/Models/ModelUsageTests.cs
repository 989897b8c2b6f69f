using Memory.Models;
using Memory.Models.Metering;
using Memory.Models.Structured;
using Memory.Testing.Models;
using Microsoft.Extensions.AI;

namespace Memory.Core.Tests.Models;

/// <summary>What a piece of work is told that its model calls cost.</summary>
public sealed class ModelUsageTests : IAsyncLifetime
{
    private MeteredModels _models = null!;

    public async Task InitializeAsync() => _models = await MeteredModels.StartAsync(ModelProvider.Bedrock);

    public async Task DisposeAsync() => await _models.DisposeAsync();

    [Fact]
    public async Task Calls_and_tokens_are_counted_by_role()
    {
        using ModelUsage usage = ModelUsage.Begin();

        ChatResponse first = await _models.Chat(ModelRole.Extract).GetResponseAsync("One.");
        ChatResponse second = await _models.Chat(ModelRole.Extract).GetStreamingResponseAsync("Two, and more.").ToChatResponseAsync();
        GeneratedEmbeddings<Embedding<float>> vectors = await _models.Embeddings().GenerateAsync(["Three."]);

        Assert.Equal(
            new RoleUsage(2, Sum(first, second, one => one.InputTokenCount), Sum(first, second, one => one.OutputTokenCount), 0, 0),
            usage.ByRole[ModelRole.Extract]);
        Assert.Equal(new RoleUsage(1, vectors.Usage!.InputTokenCount!.Value, 0, 0, 0), usage.ByRole[ModelRole.Embed]);
        Assert.Equal(2, usage.ByRole.Count);
    }

    [Fact]
    public async Task What_the_cache_gave_and_took_is_counted()
    {
        using ModelUsage usage = ModelUsage.Begin();
        ChatMessage[] prompt = [new(ChatRole.System, new string('s', 8_000)), new(ChatRole.User, "Hello?")];

        await _models.Chat().GetResponseAsync(prompt);
        await _models.Chat().GetResponseAsync(prompt);

        Assert.Equal((2_000, 2_000), (usage.ByRole[ModelRole.Chat].CacheReadTokens, usage.ByRole[ModelRole.Chat].CacheWriteTokens));
        Assert.InRange(usage.ByRole[ModelRole.Chat].InputTokens, 4_000, 4_010);
    }

    [Fact]
    public async Task Retries_and_repairs_were_paid_too()
    {
        _models.Server.Next(
            new ModelReply.Problem(503, "ServiceUnavailableException", "later"), new ModelReply.Say("no JSON"), new ModelReply.Say("""{"word":"yes"}"""));
        using ModelUsage usage = ModelUsage.Begin();

        await _models.Chat().AskAsync([new ChatMessage(ChatRole.User, "Say a word.")], new AnswerFormat<Answer>("say", "Says it."), CancellationToken.None);

        Assert.Equal(3, usage.ByRole[ModelRole.Chat].Calls);
        Assert.InRange(usage.ByRole[ModelRole.Chat].OutputTokens, 5, 10);
    }

    [Fact]
    public async Task A_call_that_fails_was_made()
    {
        _models.Server.Next(new ModelReply.Problem(400, "ValidationException", "no"));
        using ModelUsage usage = ModelUsage.Begin();

        await Assert.ThrowsAsync<ModelException.Permanent>(() => _models.Chat().GetResponseAsync("One."));

        Assert.Equal(new RoleUsage(1, 0, 0, 0, 0), usage.ByRole[ModelRole.Chat]);
    }

    [Fact]
    public async Task A_stream_that_nobody_listens_to_any_more_was_a_call()
    {
        using ModelUsage usage = ModelUsage.Begin();
        using var caught = new CaughtTelemetry(_models.ChatModel);

        await foreach (ChatResponseUpdate _ in _models.Chat().GetStreamingResponseAsync("Go on and on."))
            break;

        Assert.Equal(1, usage.ByRole[ModelRole.Chat].Calls);
        Assert.Null(Assert.Single(caught.Spans).GetTagItem("error.type"));
        Assert.Single(caught.Metrics);
    }

    [Fact]
    public async Task Work_within_work_counts_for_both_and_what_comes_after_only_for_the_outer()
    {
        using ModelUsage outer = ModelUsage.Begin();
        await _models.Chat().GetResponseAsync("One.");
        ModelUsage inner = ModelUsage.Begin();
        await _models.Chat().GetResponseAsync("Two.");
        inner.Dispose();
        await _models.Chat().GetResponseAsync("Three.");

        Assert.Equal((3, 1), (outer.ByRole[ModelRole.Chat].Calls, inner.ByRole[ModelRole.Chat].Calls));
    }

    [Fact]
    public async Task Nothing_leaks_out_of_work_that_is_done()
    {
        ModelUsage done = await InAScopeAsync();

        await _models.Chat().GetResponseAsync("Two.");

        Assert.Equal(1, done.ByRole[ModelRole.Chat].Calls);
    }

    [Fact]
    public async Task Work_at_the_same_time_is_told_apart_and_its_parallel_calls_add_up()
    {
        ModelUsage[] works = await Task.WhenAll(Enumerable.Range(1, 5).Select(async calls =>
        {
            using ModelUsage usage = ModelUsage.Begin();
            await Task.Yield();
            await Task.WhenAll(Enumerable.Range(0, calls).Select(_ => _models.Chat().GetResponseAsync("One.")));
            return usage;
        }));

        Assert.Equal([1, 2, 3, 4, 5], works.Select(work => work.ByRole[ModelRole.Chat].Calls));
        Assert.All(works, work => Assert.Equal(work.ByRole[ModelRole.Chat].Calls, work.ByRole[ModelRole.Chat].InputTokens));
    }

    // The scope is begun here and ended by nobody: whoever called does not inherit it.
    private async Task<ModelUsage> InAScopeAsync()
    {
        var usage = ModelUsage.Begin();
        await _models.Chat().GetResponseAsync("One.");
        return usage;
    }

    private static double Sum(ChatResponse one, ChatResponse other, Func<UsageDetails, long?> count) => count(one.Usage!)!.Value + count(other.Usage!)!.Value;

    private sealed record Answer(string Word);
}
