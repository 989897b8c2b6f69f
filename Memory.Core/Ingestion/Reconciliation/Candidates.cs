using Memory.Core.Lanes;
using Memory.Core.LongTerm;
using Memory.Core.LongTerm.Entities;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;

namespace Memory.Core.Ingestion.Reconciliation;

/// <summary>
/// The memories that a model is shown beside facts: those about the same thing, the nearest by meaning, and those tied to
/// what the facts name. All of the facts' owner, so that no model can name another's.
/// </summary>
public sealed class Candidates(
    IEmbeddingGenerator<string, Embedding<float>> embeddings, PgVectorIndex index, EntityMemories entities, IOptions<IngestionOptions> options)
{
    /// <param name="known">What is about the same attributes, or says the same words.</param>
    /// <returns>Each once, the oldest first: the same memory gives the same prompt.</returns>
    internal async Task<IReadOnlyList<MemoryRecord>> OfAsync(
        Lane lane, IReadOnlyList<Fact> facts, IReadOnlyList<MemoryRecord> known, CancellationToken cancellationToken)
    {
        List<MemoryRecord> found = [.. known.Where(memory => memory.Attribute is not null)];
        GeneratedEmbeddings<Embedding<float>> vectors = await embeddings.GenerateAsync(facts.Select(fact => fact.Content), cancellationToken: cancellationToken);
        foreach (Embedding<float> vector in vectors)
        {
            List<Neighbour> near = await index.SearchAsync(
                lane, vector.Vector, MemoryStore.DefaultCollection, options.Value.ReconcileCandidates, cancellationToken);
            found.AddRange(near.Where(neighbour => neighbour.Similarity >= options.Value.ReconcileSimilarity).Select(neighbour => neighbour.Record));
        }

        string[] names = [.. facts.SelectMany(Named).SelectMany(entity => (string[])[entity.Name, .. entity.Aliases]).Distinct()];
        found.AddRange(await entities.TiedToAsync(lane, MemoryStore.DefaultCollection, names, options.Value.ReconcileCandidates * facts.Count, cancellationToken));
        return [.. found.DistinctBy(memory => memory.Id).OrderBy(memory => memory.UpdatedAt).ThenBy(memory => memory.Content, StringComparer.Ordinal)];
    }

    private static IEnumerable<NamedEntity> Named(Fact fact) =>
        fact.Entities.Concat(fact.Relations.SelectMany(relation => (NamedEntity?[])[relation.Entity, relation.Subject]).OfType<NamedEntity>());
}
