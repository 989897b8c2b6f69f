using Memory.Core.Lanes;
using Memory.Core.LongTerm;

namespace Memory.Core.Retrieval;

/// <summary>
/// Marks what contradicts, and brings the other side along, right after it, whether or not the question found it: one side
/// alone would pass for the truth.
/// </summary>
public sealed class ConflictFlags(Contradictions contradictions)
{
    private static readonly IReadOnlyDictionary<string, double> s_brought = new Dictionary<string, double> { [RecallStage.Conflicts] = 1 };

    /// <param name="items">Best first.</param>
    /// <param name="isAsked">Whether a memory is within what was asked for: no other is brought along.</param>
    public async Task<IReadOnlyList<RecallItem>> FlagAsync(
        Lane lane, IReadOnlyList<RecallItem> items, Func<MemoryRecord, bool> isAsked, CancellationToken cancellationToken)
    {
        MemoryId[] memories = [.. items.Select(item => item.Record?.Id).OfType<MemoryId>()];
        if (memories.Length == 0)
            return items;
        return Flag(items, await contradictions.OfAsync(lane, memories, cancellationToken), isAsked);
    }

    /// <param name="items">Best first.</param>
    /// <param name="contradictions">Of some of the items, and of others.</param>
    internal static IReadOnlyList<RecallItem> Flag(IReadOnlyList<RecallItem> items, IReadOnlyList<Contradiction> contradictions, Func<MemoryRecord, bool> isAsked)
    {
        HashSet<Guid> present = [.. items.Select(item => item.Id)];
        List<Contradiction> found = [.. contradictions.Where(one => present.Contains(one.Memory.Value) && isAsked(one.Other))];
        if (found.Count == 0)
            return items;

        ILookup<MemoryId, MemoryId> against = found
            .SelectMany(one => (IEnumerable<(MemoryId, MemoryId)>)[(one.Memory, one.Other.Id), (one.Other.Id, one.Memory)])
            .Distinct().ToLookup(pair => pair.Item1, pair => pair.Item2);
        Dictionary<MemoryId, RecallItem> known = items.Where(item => item.Record is not null).ToDictionary(item => item.Record!.Id);
        List<RecallItem> flagged = [];
        HashSet<Guid> placed = [];
        foreach (RecallItem item in items)
        {
            Place(item);
            foreach (Contradiction one in found.Where(one => one.Memory == item.Record?.Id))
                Place(known.GetValueOrDefault(one.Other.Id) ?? new RecallItem(one.Other, null, item.Score, s_brought));
        }

        return flagged;

        void Place(RecallItem item)
        {
            if (placed.Add(item.Id))
                flagged.Add(item.Record is { } record ? item with { ConflictsWith = [.. against[record.Id]] } : item);
        }
    }
}
