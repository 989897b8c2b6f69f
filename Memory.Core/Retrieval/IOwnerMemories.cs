using Memory.Core.Lanes;
using Memory.Core.LongTerm;
using Memory.Core.LongTerm.Filters;

namespace Memory.Core.Retrieval;

/// <summary>What is looked for in one owner's memories.</summary>
/// <param name="Words">As the index writes them, each once.</param>
/// <param name="Vector">The question's, of unit length; null: there is none, words and names alone decide.</param>
/// <param name="Names">The question as names are compared in it: lower case, folded.</param>
/// <param name="Focus">The same of what was talked about last: looked into where the question names nobody.</param>
/// <param name="Limit">Most memories of each kind of find.</param>
public sealed record MemoryQuestion(
    Lane Lane, MemoryScope Scope, string? Collection, MemoryFilter? Filter, IReadOnlyList<string> Words, ReadOnlyMemory<float>? Vector,
    string Names, string Focus, int Limit);

/// <summary>What was found by meaning and by words.</summary>
/// <param name="Near">The nearest, nearest first, by cosine similarity of -1..1.</param>
/// <param name="Worded">Every memory that has a telling word of the question.</param>
/// <param name="Documents">How many of the owner's memories have each word of the question, in their order, counted up to one more than <see cref="LexicalHit.MostDocuments"/>.</param>
/// <param name="Corpus">How many memories the owner has, counted up to <see cref="LexicalHit.CorpusCap"/>.</param>
public sealed record MemoryHits(IReadOnlyList<NearMemory> Near, IReadOnlyList<LexicalHit<MemoryId>> Worded, IReadOnlyList<int> Documents, long Corpus);

/// <param name="Hops">0: tied to what is named; 1: to what that is related to; 2 and 3: the same of the focus.</param>
public sealed record TiedMemory(MemoryId Id, int Hops);

/// <summary>A memory that can be shown, and how it was used.</summary>
/// <param name="LastRecalled">Null: it never was.</param>
public sealed record UsedMemory(MemoryRecord Record, DateTimeOffset? LastRecalled);

/// <summary>Memories as they are read to be ranked, with what contradicts them.</summary>
public sealed record ReadMemories(IReadOnlyList<UsedMemory> Memories, IReadOnlyList<Contradiction> Contradictions)
{
    internal static readonly ReadMemories None = new([], []);
}

/// <summary>
/// One owner's memories as recall asks them: from Postgres, from this process's memory, or of another moment. Where a memory is
/// asked decides how fast the answer comes, never what it is.
/// </summary>
public interface IOwnerMemories
{
    /// <exception cref="StorageUnavailableException">Postgres does not answer.</exception>
    Task<MemoryHits> SearchAsync(MemoryQuestion question, CancellationToken cancellationToken);

    /// <summary>Memories tied to what the question names, and to what that is related to; the nearest and newest first.</summary>
    Task<IReadOnlyList<TiedMemory>> TiedAsync(MemoryQuestion question, CancellationToken cancellationToken);

    /// <summary>Those of some memories that the question may be shown.</summary>
    Task<ReadMemories> ReadAsync(MemoryQuestion question, IReadOnlyCollection<MemoryId> memories, CancellationToken cancellationToken);
}
