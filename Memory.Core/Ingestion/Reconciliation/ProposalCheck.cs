using Memory.Core.LongTerm;

namespace Memory.Core.Ingestion.Reconciliation;

/// <summary>
/// Turns a model's proposals into a plan, and believes none of them: what names a memory that was not offered, or one that
/// is spoken for, is refused and said so. A fact is never lost by that: without an operation that stands it is added.
/// </summary>
/// <param name="decided">What was decided without the model: its memories are spoken for.</param>
internal sealed class ProposalCheck(IReadOnlyList<MemoryRecord> offered, IEnumerable<MemoryOperation> decided, DateTimeOffset now)
{
    private const int LongestReason = 300;
    private const int LongestText = 1_000;
    private const string OwnReason = "a model's choice";

    private readonly HashSet<MemoryId> _taken = [.. decided.OfType<MemoryOperation.Update>().Select(update => update.Target.Id)];

    /// <param name="fact">What the proposals are for.</param>
    /// <param name="proposals">Those that name this fact, in order.</param>
    internal IEnumerable<MemoryOperation> Check(Fact fact, IEnumerable<ProposedOperation> proposals)
    {
        var isKept = false;
        var isDoubtful = false;
        var isContradicting = false;
        // A memory that shall be both deleted and something else is not deleted.
        foreach (ProposedOperation proposal in proposals.OrderBy(proposal => proposal.Operation == ProposedKind.Delete))
        {
            if (proposal.Operation == ProposedKind.Add)
                continue;
            if (Refusal(proposal, fact) is { } refusal)
            {
                isDoubtful = true;
                yield return new MemoryOperation.None(null, fact, $"refused {Name(proposal)}: {refusal}");
                continue;
            }

            isKept |= proposal.Operation != ProposedKind.Delete;
            isContradicting |= proposal.Operation == ProposedKind.Delete;
            yield return Accept(proposal, fact, offered[proposal.Memory!.Value - 1]);
        }

        // What only says that something is no longer true is no memory of its own, unless it was meant for more than that.
        if (!isKept && (!isContradicting || isDoubtful))
            yield return new MemoryOperation.Add(new MemoryId(Guid.CreateVersion7(now)), fact, "new");
    }

    private string? Refusal(ProposedOperation proposal, Fact fact)
    {
        if (proposal.Memory is not { } n || n < 1 || n > offered.Count)
            return "it names no memory that was offered";
        MemoryRecord target = offered[n - 1];
        if (proposal.Operation == ProposedKind.None)
            return null;
        return _taken.Contains(target.Id) ? "another operation of the batch has that memory"
            : target.UpdatedAt > fact.At ? "the memory is newer than the fact"
            : target.Trusted && !fact.Trusted ? "what was merely read does not change what the person said"
            : proposal.Operation == ProposedKind.Update && !IsUsable(proposal.Text) ? "its text cannot be stored"
            : null;
    }

    private MemoryOperation Accept(ProposedOperation proposal, Fact fact, MemoryRecord target)
    {
        string reason = proposal.Reason.Length > LongestReason || !WellFormedText.Is(proposal.Reason) ? Name(proposal) : proposal.Reason;
        if (proposal.Operation == ProposedKind.None)
            return new MemoryOperation.None(target.Id, fact, reason) { OwnReason = OwnReason };
        _taken.Add(target.Id);
        return proposal.Operation == ProposedKind.Delete
            ? new MemoryOperation.Delete(target, fact, reason) { OwnReason = OwnReason }
            : new MemoryOperation.Update(target, Said(proposal, fact, target), reason) { OwnReason = OwnReason };
    }

    // Words that a model made of both are worth as much as the less trustworthy of them.
    private static Fact Said(ProposedOperation proposal, Fact fact, MemoryRecord target) => string.IsNullOrWhiteSpace(proposal.Text)
        ? fact
        : fact with { Content = proposal.Text.Trim(), Trusted = fact.Trusted && target.Trusted };

    private static bool IsUsable(string? text) => text is null || (text.Length <= LongestText && WellFormedText.Is(text));

    private static string Name(ProposedOperation proposal) => proposal.Operation.ToString().ToUpperInvariant();
}
