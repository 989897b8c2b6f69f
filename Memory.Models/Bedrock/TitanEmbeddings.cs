using System.Text.Json;
using System.Text.Json.Serialization;
using Amazon.BedrockRuntime;
using Amazon.BedrockRuntime.Model;
using Microsoft.Extensions.AI;

namespace Memory.Models.Bedrock;

/// <summary>Amazon Titan Text Embeddings v2. It takes one text a request; <see cref="BatchedEmbeddings"/> gives it no more.</summary>
/// <param name="bedrock">Shared by the roles, hence not disposed of here.</param>
/// <param name="model">Its id is the model's at Bedrock.</param>
internal sealed class TitanEmbeddings(IAmazonBedrockRuntime bedrock, EmbeddingModel model) : IEmbeddingGenerator<string, Embedding<float>>
{
    /// <exception cref="ArgumentException">It is given another number of texts than one.</exception>
    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        string[] texts = [.. values];
        if (texts.Length != 1)
            throw new ArgumentException($"{model.Id} takes one text a request, not {texts.Length}.", nameof(values));
        Answer answer = await AskAsync(texts[0], cancellationToken);
        return new GeneratedEmbeddings<Embedding<float>>([UnitVectors.Checked(answer.Embedding, model)])
        {
            Usage = new UsageDetails { InputTokenCount = answer.InputTextTokenCount, TotalTokenCount = answer.InputTextTokenCount },
        };
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is not null ? null
        : serviceType == typeof(EmbeddingGeneratorMetadata)
            ? new EmbeddingGeneratorMetadata(BedrockConnection.Provider, BedrockConnection.AddressOf(bedrock), model.Id, model.Dimensions)
        : serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
    }

    private async Task<Answer> AskAsync(string text, CancellationToken cancellationToken)
    {
        byte[] body = JsonSerializer.SerializeToUtf8Bytes(new Question(text, model.Dimensions, Normalize: true));
        InvokeModelResponse response = await BedrockErrors.TranslateAsync(() => bedrock.InvokeModelAsync(new InvokeModelRequest
        {
            ModelId = model.Id,
            Body = new MemoryStream(body),
            ContentType = "application/json",
            Accept = "application/json",
        }, cancellationToken), cancellationToken);
        try
        {
            if (JsonSerializer.Deserialize<Answer>(response.Body) is { Embedding: not null } answer)
                return answer;
        }
        catch (JsonException)
        {
            // What it says of the place would quote the answer.
        }

        throw new ModelException.Malformed($"{model.Id} answered with something that holds no vector.");
    }

    private sealed record Question(
        [property: JsonPropertyName("inputText")] string InputText,
        [property: JsonPropertyName("dimensions")] int Dimensions,
        [property: JsonPropertyName("normalize")] bool Normalize);

    private sealed record Answer(
        [property: JsonPropertyName("embedding")] float[]? Embedding,
        [property: JsonPropertyName("inputTextTokenCount")] int InputTextTokenCount);
}
