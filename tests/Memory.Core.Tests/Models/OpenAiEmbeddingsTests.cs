using System.Text.Json.Nodes;
using Memory.Models;
using Memory.Models.OpenAi;
using Memory.Testing.Models;
using Microsoft.Extensions.AI;

namespace Memory.Core.Tests.Models;

public sealed class OpenAiEmbeddingsTests : IAsyncLifetime
{
    private static readonly IReadOnlyList<float> East = [1, 0, 0];
    private static readonly IReadOnlyList<float> North = [0, 1, 0];

    private readonly ScriptedOpenAi _server = new();

    public Task InitializeAsync() => _server.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task A_request_asks_for_the_length_that_is_set()
    {
        using OpenAiEmbeddings embeddings = OpenAiRig.Embeddings(_server.BaseUrl);
        _server.Next(new ModelReply.Vectors([East, North]));

        GeneratedEmbeddings<Embedding<float>> vectors = await embeddings.GenerateAsync(["User lives in Porto", "User is a nurse"]);

        Assert.Equal([East, North], vectors.Select(vector => vector.Vector.ToArray()));
        Assert.Equal((8, 8), (vectors.Usage!.InputTokenCount, vectors.Usage.TotalTokenCount));
        Assert.Equal(
            """{"model":"text-embedding-3-small","input":["User lives in Porto","User is a nurse"],"dimensions":3,"encoding_format":"base64"}""",
            Assert.Single(_server.Calls).Body.GetRawText());
    }

    [Fact]
    public async Task Vectors_go_by_their_numbers_not_by_their_order()
    {
        using OpenAiEmbeddings embeddings = OpenAiRig.Embeddings(_server.BaseUrl);
        _server.Dialect = answer =>
        {
            answer["data"]![0]!["index"] = 1;
            answer["data"]![1]!["index"] = 0;
        };
        _server.Next(new ModelReply.Vectors([East, North]));

        GeneratedEmbeddings<Embedding<float>> vectors = await embeddings.GenerateAsync(["one", "other"]);

        Assert.Equal([North, East], vectors.Select(vector => vector.Vector.ToArray()));
    }

    [Fact]
    public async Task Numbers_though_base64_was_asked_for_and_no_places_and_no_counts_are_fine()
    {
        await using var server = new ScriptedOpenAi { KnowsNoBase64 = true, Counts = false };
        server.Dialect = answer =>
        {
            answer.Remove("model");
            foreach (JsonNode? one in answer["data"]!.AsArray())
                one!.AsObject().Remove("index");
        };
        await server.StartAsync();
        using OpenAiEmbeddings embeddings = OpenAiRig.Embeddings(server.BaseUrl);
        server.Next(new ModelReply.Vectors([East, North]));

        GeneratedEmbeddings<Embedding<float>> vectors = await embeddings.GenerateAsync(["one", "other"]);

        Assert.Equal([East, North], vectors.Select(vector => vector.Vector.ToArray()));
        Assert.Null(vectors.Usage);
    }

    [Theory]
    [InlineData(new[] { 3f, 0f, 4f }, new[] { 0.6f, 0f, 0.8f })]
    [InlineData(new[] { 3e-30f, 0f, 4e-30f }, new[] { 0.6f, 0f, 0.8f })]
    [InlineData(new[] { -3e30f, 0f, 4e30f }, new[] { -0.6f, 0f, 0.8f })]
    public async Task Vectors_have_unit_length_whatever_the_endpoint_gave_them(float[] given, float[] expected)
    {
        using OpenAiEmbeddings embeddings = OpenAiRig.Embeddings(_server.BaseUrl);
        _server.Next(new ModelReply.Vectors([given]));

        Embedding<float> vector = Assert.Single(await embeddings.GenerateAsync(["one"]));

        Assert.All(expected.Zip(vector.Vector.ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-6f));
    }

    [Theory]
    [InlineData(new[] { 1f, float.NaN, 0f })]
    [InlineData(new[] { 1f, float.PositiveInfinity, 0f })]
    [InlineData(new[] { float.NegativeInfinity, 0f, 0f })]
    [InlineData(new[] { 0f, 0f, 0f })]
    [InlineData(new[] { 1f, 0f })]
    [InlineData(new[] { 1f, 0f, 0f, 0f })]
    public async Task A_vector_that_cannot_be_compared_is_malformed(float[] given)
    {
        await using var numbers = new ScriptedOpenAi { KnowsNoBase64 = true };
        await numbers.StartAsync();
        foreach (ScriptedOpenAi server in new[] { _server, numbers })
        {
            using OpenAiEmbeddings embeddings = OpenAiRig.Embeddings(server.BaseUrl);
            server.Next(new ModelReply.Vectors([East, given]));

            await Assert.ThrowsAsync<ModelException.Malformed>(() => embeddings.GenerateAsync(["one", "other"]));

            Assert.Single(server.Calls);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Another_number_of_vectors_than_of_texts_is_malformed(int count)
    {
        using OpenAiEmbeddings embeddings = OpenAiRig.Embeddings(_server.BaseUrl);
        _server.Next(new ModelReply.Vectors([.. Enumerable.Repeat(East, count)]));

        await Assert.ThrowsAsync<ModelException.Malformed>(() => embeddings.GenerateAsync(["one", "other"]));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(0, 2)]
    [InlineData(-1, 0)]
    public async Task Numbers_that_fit_no_texts_are_malformed(int first, int second)
    {
        using OpenAiEmbeddings embeddings = OpenAiRig.Embeddings(_server.BaseUrl);
        _server.Dialect = answer =>
        {
            answer["data"]![0]!["index"] = first;
            answer["data"]![1]!["index"] = second;
        };
        _server.Next(new ModelReply.Vectors([East, North]));

        await Assert.ThrowsAsync<ModelException.Malformed>(() => embeddings.GenerateAsync(["one", "other"]));
    }

    [Theory]
    [InlineData("canary-71c0")]
    [InlineData("AAA=")]
    public async Task Bytes_that_are_no_floats_are_malformed(string encoded)
    {
        using OpenAiEmbeddings embeddings = OpenAiRig.Embeddings(_server.BaseUrl);
        _server.Dialect = answer => answer["data"]![0]!["embedding"] = encoded;
        _server.Next(new ModelReply.Vectors([East]));

        var thrown = await Assert.ThrowsAsync<ModelException.Malformed>(() => embeddings.GenerateAsync(["one"]));

        Assert.DoesNotContain(OpenAiRig.Canary, thrown.ToString());
    }

    [Fact]
    public async Task Another_length_than_the_one_that_is_set_is_a_mistake_of_the_caller()
    {
        using OpenAiEmbeddings embeddings = OpenAiRig.Embeddings(_server.BaseUrl);

        await Assert.ThrowsAsync<ArgumentException>(() => embeddings.GenerateAsync(["one"], new EmbeddingGenerationOptions { Dimensions = 4 }));
    }

    [Fact]
    public async Task Cancelling_ends_the_request()
    {
        using OpenAiEmbeddings embeddings = OpenAiRig.Embeddings(_server.BaseUrl);
        using var cancel = new CancellationTokenSource();
        var arrived = new TaskCompletionSource();
        _server.Script = _ =>
        {
            arrived.SetResult();
            return new ModelReply.Hang();
        };

        Task asking = embeddings.GenerateAsync(["one"], cancellationToken: cancel.Token);
        await arrived.Task;
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        await _server.Abandoned.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void The_generator_says_whose_model_it_is()
    {
        using OpenAiEmbeddings embeddings = OpenAiRig.Embeddings(_server.BaseUrl);

        var metadata = Assert.IsType<EmbeddingGeneratorMetadata>(embeddings.GetService(typeof(EmbeddingGeneratorMetadata)));

        Assert.Equal(("openai", _server.BaseUrl, OpenAiRig.EmbedModel, 3), (metadata.ProviderName, metadata.ProviderUri, metadata.DefaultModelId, metadata.DefaultModelDimensions));
    }
}
