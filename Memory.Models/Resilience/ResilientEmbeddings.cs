using Microsoft.Extensions.AI;

namespace Memory.Models.Resilience;

/// <summary>The embedding model behind its resilience.</summary>
internal sealed class ResilientEmbeddings(IEmbeddingGenerator<string, Embedding<float>> inner, ModelResilience resilience)
    : DelegatingEmbeddingGenerator<string, Embedding<float>>(inner)
{
    public override Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default) =>
        resilience.ExecuteAsync(token => base.GenerateAsync(values, options, token), cancellationToken);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            resilience.Dispose();
        base.Dispose(disposing);
    }
}
