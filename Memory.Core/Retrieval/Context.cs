using Memory.Core.ShortTerm;

namespace Memory.Core.Retrieval;

/// <param name="TokenBudget">Upper bound of the block, its frame included; null: the configured one.</param>
public sealed record ContextRequest(RecallRequest Recall, int? TokenBudget = null)
{
    /// <summary>Parts of <see cref="ContextPart"/>; turns are candidates only where <see cref="RecallRequest.Turns"/> says so too.</summary>
    public IReadOnlySet<string> Parts { get; init; } = ContextPart.Of(null);
}

/// <summary>What belongs at the end of a prompt.</summary>
/// <param name="Block">Quoted, dated data between two boundary lines; empty when nothing is worth saying.</param>
/// <param name="Tokens">By <see cref="TokenCount"/>.</param>
/// <param name="Items">What the block is made of.</param>
/// <param name="Window">The current conversation's last turns, oldest first.</param>
public sealed record Context(string Block, int Tokens, IReadOnlyList<RecallItem> Items, IReadOnlyList<Turn> Window, IReadOnlyList<string> Degraded)
{
    /// <summary>The question found nothing that is relevant; what stands in the block is there by its kind.</summary>
    public bool Abstained { get; init; }
}
