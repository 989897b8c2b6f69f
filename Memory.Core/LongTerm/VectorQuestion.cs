using Memory.Core.Lanes;
using Memory.Core.LongTerm.Filters;

namespace Memory.Core.LongTerm;

/// <summary>Which of one owner's memories are nearest.</summary>
/// <param name="Vector">Unit length, of the space's dimensions.</param>
/// <param name="Limit">Exactly so many are found, or all that there are.</param>
public sealed record VectorQuestion(Lane Lane, ReadOnlyMemory<float> Vector, int Limit)
{
    /// <summary>Its further ids narrow; null: all of the owner's memories.</summary>
    public MemoryScope? Scope { get; init; }

    /// <summary>Null: all of them.</summary>
    public string? Collection { get; init; }

    /// <summary>Null: whatever is active and has not expired.</summary>
    public MemoryFilter? Filter { get; init; }
}

/// <summary>A memory found, by its id alone.</summary>
/// <param name="Similarity">Cosine similarity in -1..1, higher is nearer.</param>
public readonly record struct NearMemory(MemoryId Id, double Similarity);
