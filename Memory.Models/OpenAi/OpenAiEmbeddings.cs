using System.Buffers.Binary;
using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using OpenAI.Embeddings;
using EmbeddingGenerationOptions = Microsoft.Extensions.AI.EmbeddingGenerationOptions;

namespace Memory.Models.OpenAi;

/// <summary>
/// Embeddings of any endpoint that speaks OpenAI's protocol, over the official package. One call is one request, so a long
/// list comes in parts (<see cref="BatchedEmbeddings"/>). Vectors have unit length and the order of the texts.
/// </summary>
/// <param name="model">Its id is the model's at the endpoint.</param>
internal sealed class OpenAiEmbeddings(OpenAiEndpoint endpoint, EmbeddingModel model) : IEmbeddingGenerator<string, Embedding<float>>
{
    private readonly EmbeddingClient _client = endpoint.Embeddings(model.Id);

    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        if (options?.Dimensions is { } other && other != model.Dimensions)
            throw new ArgumentException($"Vectors of {model.Id} are set to {model.Dimensions} values, not {other}.", nameof(options));
        string[] texts = [.. values];
        JsonElement answer = await AskAsync(texts, cancellationToken);
        return new GeneratedEmbeddings<Embedding<float>>(VectorsOf(answer, texts.Length)) { Usage = UsageOf(answer) };
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is not null ? null
        : serviceType == typeof(EmbeddingGeneratorMetadata) ? new EmbeddingGeneratorMetadata("openai", endpoint.Url, model.Id, model.Dimensions)
        : serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
    }

    private async Task<JsonElement> AskAsync(string[] texts, CancellationToken cancellationToken)
    {
        // A quarter of the bytes of written numbers; endpoints that do not know it ignore it.
        var body = new JsonObject
        {
            ["model"] = model.Id,
            ["input"] = new JsonArray([.. texts.Select(text => JsonValue.Create(text))]),
            ["dimensions"] = model.Dimensions,
            ["encoding_format"] = "base64",
        };
        try
        {
            ClientResult result = await _client.GenerateEmbeddingsAsync(
                BinaryContent.Create(BinaryData.FromString(body.ToJsonString())), new RequestOptions { CancellationToken = cancellationToken });
            using PipelineResponse response = result.GetRawResponse();
            JsonElement answer = OpenAiJson.Parse(response.Content.ToMemory());
            OpenAiAnswer.ThrowIfError(answer);
            return answer;
        }
        catch (Exception failure) when (OpenAiErrors.Of(failure, cancellationToken) is { } told)
        {
            throw told;
        }
    }

    private IEnumerable<Embedding<float>> VectorsOf(JsonElement answer, int asked)
    {
        JsonElement[] data = [.. answer.Items("data")];
        if (data.Length != asked)
            throw new ModelException.Malformed($"The model's endpoint answered {asked} texts with {data.Length} vectors.");
        return InOrder(data).Select(one => UnitVectors.Checked(ValuesOf(one), model));
    }

    // A vector beside the wrong text is worse than none. Endpoints that do not number at all answer in order.
    private static JsonElement[] InOrder(JsonElement[] data)
    {
        int?[] places = [.. data.Select(one => one.Number("index"))];
        if (places.All(place => place is null or 0))
            return data;
        var ordered = new JsonElement[data.Length];
        for (var i = 0; i < data.Length; i++)
        {
            if (places[i] is not { } place || place < 0 || place >= data.Length || ordered[place].ValueKind != JsonValueKind.Undefined)
                throw new ModelException.Malformed("The model's endpoint numbered its vectors so that they fit no texts.");
            ordered[place] = data[i];
        }

        return ordered;
    }

    private static float[] ValuesOf(JsonElement one)
    {
        if (one.Text("embedding") is not { } encoded)
            return [.. one.Items("embedding").Select(value => value.ValueKind == JsonValueKind.Number ? value.GetSingle() : float.NaN)];
        var bytes = new byte[encoded.Length];
        if (!Convert.TryFromBase64String(encoded, bytes, out int length) || length % sizeof(float) != 0)
            throw new ModelException.Malformed("The model's endpoint wrote a vector that is no base64 of floats.");
        var values = new float[length / sizeof(float)];
        for (var i = 0; i < values.Length; i++)
            values[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(i * sizeof(float)));
        return values;
    }

    private static UsageDetails? UsageOf(JsonElement answer) =>
        answer.Object("usage") is not { } usage ? null : new UsageDetails
        {
            InputTokenCount = usage.Number("prompt_tokens") ?? usage.Number("total_tokens"),
            TotalTokenCount = usage.Number("total_tokens") ?? usage.Number("prompt_tokens"),
        };
}
