using Memory.Core.LongTerm;

namespace Memory.Core.Ingestion.Tending;

/// <summary>Two active memories of one owner that resemble each other.</summary>
/// <param name="Similarity">Cosine, 0..1; null: they are about the same attribute.</param>
public sealed record ClosePair(MemoryRecord Older, MemoryRecord Newer, double? Similarity)
{
    /// <summary>One of them is in an open conflict, with whatever memory.</summary>
    public bool IsDisputed { get; init; }
}

public enum PairVerdict
{
    /// <summary>Nothing is wrong with them.</summary>
    Distinct,

    /// <summary>They say the same: one is enough.</summary>
    Same,

    /// <summary>They cannot both be true.</summary>
    Contradictory,
}

/// <summary>Judges what single batches could not see: by rules, or by a model.</summary>
public interface IConsolidator
{
    Distiller By { get; }

    /// <returns>One verdict a pair, in order, with the reason.</returns>
    /// <exception cref="Models.ModelException">The model gave no usable answer.</exception>
    Task<IReadOnlyList<(PairVerdict Verdict, string Reason)>> JudgeAsync(IReadOnlyList<ClosePair> pairs, CancellationToken cancellationToken);
}
