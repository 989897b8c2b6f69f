using Microsoft.Extensions.AI;

namespace Memory.Models.Metering;

/// <summary>Measures every single call, so it stands inside what retries them.</summary>
internal sealed class MeteredEmbeddings(IEmbeddingGenerator<string, Embedding<float>> inner, ModelIdentity model, int dimensions)
    : DelegatingEmbeddingGenerator<string, Embedding<float>>(inner)
{
    public override async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        using var meter = new ModelCallMeter(model, ModelTelemetry.Operation.Embeddings);
        meter.Tag(ModelTelemetry.Attribute.DimensionCount, dimensions);
        try
        {
            GeneratedEmbeddings<Embedding<float>> vectors = await base.GenerateAsync(values, options, cancellationToken);
            meter.Answered(vectors.Usage, finishReason: null, answeringModel: null);
            return vectors;
        }
        catch (Exception cause)
        {
            meter.Failed(cause);
            throw;
        }
    }
}
