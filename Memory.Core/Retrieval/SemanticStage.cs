using Memory.Core.Lanes;
using Memory.Core.LongTerm;
using Microsoft.Extensions.AI;

namespace Memory.Core.Retrieval;

/// <summary>Memories whose vectors are nearest to the question's.</summary>
public sealed class SemanticStage(IEmbeddingGenerator<string, Embedding<float>> generator, PgVectorIndex index)
{
    public async Task<List<Neighbour>> SearchAsync(Lane lane, string query, string? collection, int limit, CancellationToken cancellationToken)
    {
        Embedding<float> vector = await generator.GenerateAsync(query, cancellationToken: cancellationToken);
        return await index.SearchAsync(lane, vector.Vector, collection, limit, cancellationToken);
    }
}
