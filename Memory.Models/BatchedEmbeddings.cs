using Microsoft.Extensions.AI;

namespace Memory.Models;

/// <summary>
/// Cuts a list into requests that the endpoint takes, and makes some of them at a time. It stands outside what meters and
/// repeats: each request is a call of its own there, and one that is throttled does not repeat the others.
/// </summary>
/// <param name="batch">Most texts of one request.</param>
/// <param name="parallel">Most requests of one list at a time.</param>
internal sealed class BatchedEmbeddings(IEmbeddingGenerator<string, Embedding<float>> inner, int batch, int parallel)
    : DelegatingEmbeddingGenerator<string, Embedding<float>>(inner)
{
    /// <returns>The vectors in the order of the texts. The first request that fails ends the others, and its failure comes out.</returns>
    public override async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        string[][] requests = [.. values.Chunk(batch)];
        var answers = new GeneratedEmbeddings<Embedding<float>>[requests.Length];
        await Parallel.ForAsync(0, requests.Length, new ParallelOptions { MaxDegreeOfParallelism = parallel, CancellationToken = cancellationToken },
            async (place, cancel) => answers[place] = await base.GenerateAsync(requests[place], options, cancel));

        var all = new GeneratedEmbeddings<Embedding<float>>(answers.SelectMany(vectors => vectors));
        foreach (UsageDetails usage in answers.Select(vectors => vectors.Usage).OfType<UsageDetails>())
            (all.Usage ??= new UsageDetails()).Add(usage);
        return all;
    }
}
