using Amazon.BedrockRuntime;
using Memory.Models;
using Memory.Models.Bedrock;
using Memory.Testing.Models;
using Microsoft.Extensions.AI;

namespace Memory.Core.Tests.Models;

public sealed class TitanEmbeddingsTests : IAsyncLifetime
{
    private static readonly EmbeddingModel Model = new("amazon.titan-embed-text-v2:0", 4);

    private readonly ScriptedBedrock _server = new();
    private AmazonBedrockRuntimeClient _bedrock = null!;

    public async Task InitializeAsync()
    {
        await _server.StartAsync();
        _bedrock = BedrockClients.Open(_server);
    }

    public async Task DisposeAsync()
    {
        _bedrock.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_request_names_text_dimensions_and_normalisation()
    {
        _server.Script = _ => Vector(1, 0, 0, 0);

        GeneratedEmbeddings<Embedding<float>> made = await EmbedAsync("Zürich is \"far\".");
        await EmbedAsync("four");

        Assert.Equal("Zürich is \"far\".", Assert.Single(_server.Calls[0].Texts));
        Assert.Equal("""{"inputText":"four","dimensions":4,"normalize":true}""", _server.Calls[1].Body.GetRawText());
        Assert.All(_server.Calls, call => Assert.Equal(Model.Id, call.Model));
        Assert.Equal((4, 4), (made.Usage!.InputTokenCount, made.Usage.TotalTokenCount));
        Assert.Equal(Model.Id, Assert.Single(made).ModelId);
    }

    [Theory]
    [InlineData]
    [InlineData("one", "other")]
    public async Task Another_number_of_texts_than_one_is_a_mistake_of_the_caller(params string[] texts)
    {
        using var embeddings = new TitanEmbeddings(_bedrock, Model);

        await Assert.ThrowsAsync<ArgumentException>(() => embeddings.GenerateAsync(texts));

        Assert.Empty(_server.Calls);
    }

    [Theory]
    [InlineData(3, 0, 4, 0)]
    [InlineData(3e-30f, 0, -4e-30f, 0)]
    [InlineData(3e37f, 3e37f, 3e37f, 3e37f)]
    public async Task A_vector_has_unit_length_and_its_direction(float a, float b, float c, float d)
    {
        _server.Next(Vector(a, b, c, d));

        float[] vector = (await EmbedAsync("text")).Single().Vector.ToArray();

        Assert.Equal(1, vector.Sum(value => (double)value * value), 6);
        Assert.Equal(a * (double)vector[2], c * (double)vector[0], 6);
        Assert.True(vector[0] > 0);
    }

    [Theory]
    [InlineData]
    [InlineData(1f, 2f, 3f)]
    [InlineData(1f, 2f, 3f, 4f, 5f)]
    [InlineData(0f, 0f, 0f, 0f)]
    [InlineData(1f, float.NaN, 0f, 0f)]
    [InlineData(1f, float.NegativeInfinity, 0f, 0f)]
    [InlineData(1f, float.MaxValue, 0f, 0f)]
    public async Task What_is_no_vector_of_the_model_is_malformed(params float[] values)
    {
        _server.Next(values.Length == 0 ? new ModelReply.Vectors([]) : Vector(values));

        await Assert.ThrowsAsync<ModelException.Malformed>(() => EmbedAsync("text"));
    }

    [Fact]
    public async Task Cancelling_aborts_the_request()
    {
        using var cancellation = new CancellationTokenSource();
        _server.Script = _ => new ModelReply.Gated(cancel => { cancellation.Cancel(); return Task.Delay(Timeout.Infinite, cancel); }, Vector(1, 0, 0, 0));
        using var embeddings = new TitanEmbeddings(_bedrock, Model);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => embeddings.GenerateAsync(["one"], cancellationToken: cancellation.Token));

        await _server.Abandoned.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void The_generator_says_whose_it_is()
    {
        using var embeddings = new TitanEmbeddings(_bedrock, Model);

        var metadata = (EmbeddingGeneratorMetadata)embeddings.GetService(typeof(EmbeddingGeneratorMetadata))!;

        Assert.Equal(("aws.bedrock", _server.Address, Model.Id, 4),
            (metadata.ProviderName, metadata.ProviderUri, metadata.DefaultModelId, metadata.DefaultModelDimensions));
    }

    private static ModelReply.Vectors Vector(params float[] values) => new([values]);

    private async Task<GeneratedEmbeddings<Embedding<float>>> EmbedAsync(string text)
    {
        using var embeddings = new TitanEmbeddings(_bedrock, Model);
        return await embeddings.GenerateAsync([text]);
    }
}
