using Memory.Core.LongTerm;

namespace Memory.Core.Ingestion.Reconciliation;

/// <summary>
/// No two active memories of a collection say the same: of a plan's operations that would end in the same words, or in
/// words that another memory has, the later ones are refused.
/// </summary>
/// <param name="known">Active memories that have the words of one of the plan's operations.</param>
internal sealed class PlanOnce(IReadOnlyList<MemoryRecord> known)
{
    private readonly HashSet<string> _said = [];

    internal IEnumerable<MemoryOperation> Check(IEnumerable<MemoryOperation> plan) => plan.Select(Check);

    private MemoryOperation Check(MemoryOperation operation)
    {
        if (operation is not (MemoryOperation.Add or MemoryOperation.Update))
            return operation;
        string hash = ContentHash.HexOf(operation.Fact.Content);
        MemoryRecord? same = known.FirstOrDefault(memory => memory.ContentHash == hash);
        bool isItself = operation is MemoryOperation.Update update && same?.Id == update.Target.Id;
        return same is not null && !isItself ? new MemoryOperation.None(same.Id, operation.Fact, "another memory says that already")
            : !_said.Add(hash) ? new MemoryOperation.None(null, operation.Fact, "another operation of the batch says that already")
            : operation;
    }
}
