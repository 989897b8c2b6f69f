using System.Collections.Concurrent;
using Memory.Models;
using Memory.Models.Metering;
using Memory.Testing.Models;
using Microsoft.Extensions.AI;

namespace Memory.Core.Tests.Models;

/// <summary>A list of texts becomes requests, the same with every provider: two at a time, and one text each.</summary>
public sealed class BatchedEmbeddingsTests
{
    private const int Parallel = 2;

    // Only so that a failing test fails instead of hanging.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    [Theory]
    [MemberData(nameof(MeteredModels.Providers), MemberType = typeof(MeteredModels))]
    public async Task Each_vector_keeps_its_place_and_every_token_is_counted(string provider)
    {
        await using MeteredModels models = await MeteredModels.StartAsync(provider);
        models.Server.Script = call => Vectors([.. call.Texts.Select(text => text.Length)]);

        GeneratedEmbeddings<Embedding<float>> made = await models.Embeddings(batchTexts: 1).GenerateAsync(["eight ch", "four", "twelve chars", "also"]);

        Assert.Equal([8, 4, 12, 4], made.Select(PlaceOf));
        Assert.Equal(["also", "eight ch", "four", "twelve chars"], models.Server.Calls.Select(call => Assert.Single(call.Texts)).Order());
        Assert.Equal((2 + 1 + 3 + 1, 2 + 1 + 3 + 1), (made.Usage!.InputTokenCount, made.Usage.TotalTokenCount));
    }

    [Fact]
    public async Task A_request_takes_as_many_texts_as_it_may()
    {
        await using MeteredModels models = await MeteredModels.StartAsync(ModelProvider.OpenAi);
        models.Server.Script = call => Vectors([.. call.Texts.Select(text => text.Length)]);

        GeneratedEmbeddings<Embedding<float>> made = await models.Embeddings(batchTexts: 2).GenerateAsync(["a", "bb", "ccc", "dddd", "e"]);

        Assert.Equal([1, 2, 3, 4, 1], made.Select(PlaceOf));
        Assert.Equal([1, 2, 2], models.Server.Calls.Select(call => call.Texts.Count).Order());
    }

    [Theory]
    [MemberData(nameof(MeteredModels.Providers), MemberType = typeof(MeteredModels))]
    public async Task Nothing_to_embed_asks_nobody(string provider)
    {
        await using MeteredModels models = await MeteredModels.StartAsync(provider);

        Assert.Empty(await models.Embeddings().GenerateAsync([]));

        Assert.Empty(models.Server.Calls);
    }

    [Theory]
    [MemberData(nameof(MeteredModels.Providers), MemberType = typeof(MeteredModels))]
    public async Task No_more_requests_than_allowed_run_at_a_time_and_as_many_as_allowed_do(string provider)
    {
        await using MeteredModels models = await MeteredModels.StartAsync(provider);

        Assert.Equal(Parallel, await MostAtOnceAsync(models, MeteredModels.Quick(), lists: 1, expected: Parallel));
    }

    [Theory]
    [MemberData(nameof(MeteredModels.Providers), MemberType = typeof(MeteredModels))]
    public async Task The_roles_concurrency_bounds_the_requests_of_all_lists(string provider)
    {
        await using MeteredModels models = await MeteredModels.StartAsync(provider);
        ResilienceOptions resilience = MeteredModels.Quick();
        resilience.Concurrency = 3;

        Assert.Equal(3, await MostAtOnceAsync(models, resilience, lists: 4, expected: 3));
    }

    [Theory]
    [MemberData(nameof(MeteredModels.Providers), MemberType = typeof(MeteredModels))]
    public async Task Only_the_request_that_was_throttled_is_repeated(string provider)
    {
        await using MeteredModels models = await MeteredModels.StartAsync(provider);
        using var caught = new CaughtTelemetry(models.EmbedModel);
        using ModelUsage usage = ModelUsage.Begin();
        var throttled = 0;
        models.Server.Script = call => call.Texts[0] == "text 5" && Interlocked.Increment(ref throttled) == 1
            ? new ModelReply.Problem(429, "ThrottlingException", "later")
            : Vectors([call.Texts[0].Length]);
        string[] texts = [.. Enumerable.Range(0, 8).Select(number => $"text {number}")];

        GeneratedEmbeddings<Embedding<float>> made = await models.Embeddings(batchTexts: 1).GenerateAsync(texts);

        Assert.Equal(texts.Append("text 5").Order(), models.Server.Calls.Select(call => call.Texts[0]).Order());
        Assert.Equal(new RoleUsage(9, made.Usage!.InputTokenCount!.Value, 0, 0, 0), usage.ByRole[ModelRole.Embed]);
        Assert.Equal(9, caught.Spans.Count);
        Assert.Equal("429", Assert.Single(caught.Spans, span => span.GetTagItem("error.type") is not null).GetTagItem("error.type"));
    }

    [Theory]
    [MemberData(nameof(MeteredModels.Providers), MemberType = typeof(MeteredModels))]
    public async Task The_first_failure_comes_out_as_what_it_is_and_ends_the_others(string provider)
    {
        await using MeteredModels models = await MeteredModels.StartAsync(provider);
        using var gate = new SemaphoreSlim(0);
        models.Server.Script = call => call.Texts[0] == "bad"
            ? new ModelReply.Gated(gate.WaitAsync, new ModelReply.Problem(400, "ValidationException", ""))
            : new ModelReply.Gated(cancel => { gate.Release(); return Task.Delay(Timeout.Infinite, cancel); }, Vectors([1]));

        await Assert.ThrowsAsync<ModelException.Permanent>(() => models.Embeddings(batchTexts: 1).GenerateAsync(["bad", "good", "never asked"]).WaitAsync(s_patience));

        Assert.Equal("good", (await models.Server.Abandoned.WaitAsync(s_patience)).Texts[0]);
        Assert.DoesNotContain(models.Server.Calls, call => call.Texts[0] == "never asked");
    }

    [Theory]
    [MemberData(nameof(MeteredModels.Providers), MemberType = typeof(MeteredModels))]
    public async Task Cancelling_aborts_the_requests(string provider)
    {
        await using MeteredModels models = await MeteredModels.StartAsync(provider);
        using var cancellation = new CancellationTokenSource();
        models.Server.Script = _ => new ModelReply.Gated(cancel => { cancellation.Cancel(); return Task.Delay(Timeout.Infinite, cancel); }, Vectors([1]));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => models.Embeddings(batchTexts: 1).GenerateAsync(["one", "two"], cancellationToken: cancellation.Token).WaitAsync(s_patience));

        await models.Server.Abandoned.WaitAsync(s_patience);
    }

    /// <param name="expected">Nothing is answered before so many requests are there.</param>
    private static async Task<int> MostAtOnceAsync(MeteredModels models, ResilienceOptions resilience, int lists, int expected)
    {
        using var gate = new SemaphoreSlim(0);
        var arrived = new TaskCompletionSource();
        var inFlight = 0;
        var seen = new ConcurrentBag<int>();
        models.Server.Script = _ => new ModelReply.Gated(PassAsync, Vectors([1]));
        using IEmbeddingGenerator<string, Embedding<float>> embeddings = models.Embeddings(resilience, batchTexts: 1);
        Task[] calls = [.. Enumerable.Range(0, lists).Select(list => embeddings.GenerateAsync(Enumerable.Range(0, 10).Select(number => $"text {list} {number}")))];

        await arrived.Task.WaitAsync(s_patience);
        gate.Release(10 * lists);
        await Task.WhenAll(calls).WaitAsync(s_patience);
        Assert.Equal(10 * lists, models.Server.Calls.Count);
        return seen.Max();

        async Task PassAsync(CancellationToken cancellationToken)
        {
            int now = Interlocked.Increment(ref inFlight);
            seen.Add(now);
            if (now == expected)
                arrived.TrySetResult();
            await gate.WaitAsync(cancellationToken);
            Interlocked.Decrement(ref inFlight);
        }
    }

    // A one at each place, and zeros elsewhere.
    private static ModelReply.Vectors Vectors(int[] places) =>
        new([.. places.Select(one => Enumerable.Range(0, MeteredModels.Dimensions).Select(place => place == one ? 1f : 0f).ToArray())]);

    private static int PlaceOf(Embedding<float> vector) => Array.IndexOf(vector.Vector.ToArray(), 1f);
}
