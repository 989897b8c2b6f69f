using Memory.Core.Lanes;
using Memory.Core.LongTerm;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;

namespace Memory.Core.Retrieval;

/// <summary>Memories whose vectors are nearest to the question's.</summary>
public sealed class SemanticStage(
    IEmbeddingGenerator<string, Embedding<float>> generator, PgVectorIndex index, PastMemories past, IOptions<RetrievalOptions> options, TimeProvider time)
{
    /// <exception cref="TimeoutException">The question's vector did not come in time.</exception>
    public async Task<List<Neighbour>> SearchAsync(Lane lane, RecallRequest request, int limit, CancellationToken cancellationToken)
    {
        Embedding<float> vector = await generator.GenerateAsync(request.Query, cancellationToken: cancellationToken)
            .WaitAsync(Patience(request.Budget), time, cancellationToken);
        return request.Moment is { } moment
            ? await past.NearestAsync(lane, request.Scope, request.Collection, moment, vector.Vector, limit, cancellationToken)
            : await index.SearchAsync(lane, vector.Vector, request.Collection, limit, cancellationToken);
    }

    // An answer by words alone that comes in time is worth more to the caller than a better one that comes too late.
    private TimeSpan Patience(TimeSpan? budget)
    {
        TimeSpan longest = TimeSpan.FromMilliseconds(options.Value.EmbedMilliseconds);
        return budget is { } all && all * 2 / 3 < longest ? all * 2 / 3 : longest;
    }
}
