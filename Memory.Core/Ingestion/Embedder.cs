using Memory.Core.LongTerm;
using Microsoft.Extensions.AI;

namespace Memory.Core.Ingestion;

/// <summary>Gives each planned operation that brings a new text its vector, in one call for the whole plan.</summary>
public sealed class Embedder(IEmbeddingGenerator<string, Embedding<float>> generator)
{
    /// <summary>The whole plan, ready to be written.</summary>
    /// <param name="eventOf">The event an operation is reported on.</param>
    internal async Task<List<PlannedWrite>> PrepareAsync(
        IReadOnlyList<MemoryOperation> plan, Func<MemoryOperation, EventId> eventOf, CancellationToken cancellationToken)
    {
        IReadOnlyList<ReadOnlyMemory<float>?> vectors = await EmbedAsync(plan, cancellationToken);
        return [.. plan.Zip(vectors, (operation, vector) => new PlannedWrite(operation, eventOf(operation), vector))];
    }

    public async Task<IReadOnlyList<ReadOnlyMemory<float>?>> EmbedAsync(
        IReadOnlyList<MemoryOperation> plan, CancellationToken cancellationToken)
    {
        List<string> texts = [.. plan.Where(BringsText).Select(operation => operation.Fact.Content).Distinct()];
        if (texts.Count == 0)
            return [.. plan.Select(_ => (ReadOnlyMemory<float>?)null)];

        GeneratedEmbeddings<Embedding<float>> vectors = await generator.GenerateAsync(texts, cancellationToken: cancellationToken);
        Dictionary<string, ReadOnlyMemory<float>> byText = texts.Zip(vectors).ToDictionary(pair => pair.First, pair => pair.Second.Vector);
        return [.. plan.Select(operation => BringsText(operation) ? byText[operation.Fact.Content] : (ReadOnlyMemory<float>?)null)];
    }

    private static bool BringsText(MemoryOperation operation) => operation is MemoryOperation.Add or MemoryOperation.Update;
}
