using Memory.Core.Episodic;
using Memory.Core.Lanes;
using Memory.Core.LongTerm;
using Memory.Core.Privacy;

namespace Memory.Core.Ingestion;

/// <summary>
/// Changes or deletes many memories at once: each owner's in one transaction, all or none. Where several owners' are named, all
/// of them are looked for before the first is written.
/// </summary>
public sealed class ManyWrites(MemoryStore store, LaneWrites writes)
{
    /// <summary>Most memories of one request.</summary>
    public const int Most = 1_000;

    /// <param name="changes">Each memory once.</param>
    /// <exception cref="NotFoundException">One of them is not in the principal's reach: nothing is changed.</exception>
    public Task UpdateAsync(
        Principal principal, IReadOnlyDictionary<MemoryId, MemoryChange> changes, IdempotencyKey? key, CancellationToken cancellationToken)
    {
        byte[] hash = IdempotencyKey.HashOf(new { Write = "update many", changes = changes.Select(change => new { change.Key, change.Value }) });
        return WriteAsync(
            new Wanted(principal, "UPDATE", IngestionRequest.Plain, key, hash), [.. changes.Keys], (record, now) => DirectWriter.Changed(record, changes[record.Id], now),
            cancellationToken);
    }

    /// <summary>Closes memories; their history stays.</summary>
    /// <exception cref="NotFoundException">One of them is not in the principal's reach: nothing is deleted.</exception>
    public Task DeleteAsync(Principal principal, IReadOnlyCollection<MemoryId> ids, IdempotencyKey? key, CancellationToken cancellationToken)
    {
        byte[] hash = IdempotencyKey.HashOf(new { Write = "delete many", ids });
        return WriteAsync(new Wanted(principal, "DELETE", IngestionRequest.Plain, key, hash), ids, DirectWriter.Closed, cancellationToken);
    }

    private async Task WriteAsync(
        Wanted wanted, IReadOnlyCollection<MemoryId> ids, Func<MemoryRecord, DateTimeOffset, MemoryOperation> operation, CancellationToken cancellationToken)
    {
        if (ids.Count is 0 or > Most)
            throw new InvalidInputException("memories", $"memories has {ids.Count} entries: give 1 to {Most}.");
        // Asked before anything is looked for: what was written under the key may have been forgotten since.
        Owner? first = (await writes.DoneBeforeAsync(wanted, cancellationToken))?.Owner;
        IReadOnlyList<(Lane Lane, IReadOnlyList<MemoryId> Ids)> lanes = first is null
            ? await store.FindLanesAsync(wanted.Principal, ids, cancellationToken)
            : await store.FindKnownLanesAsync(wanted.Principal, ids, cancellationToken);
        // Of a request that broke off, the first owner's are written already.
        if (lanes.Count > 1 && first is null)
        {
            foreach ((Lane lane, IReadOnlyList<MemoryId> some) in lanes)
                await ReadAsync(lane, some, cancellationToken);
        }

        first ??= lanes[0].Lane.Owner;
        foreach ((Lane lane, IReadOnlyList<MemoryId> some) in lanes)
        {
            await writes.WriteAsync(
                wanted with { Key = lane.Owner == first ? wanted.Key : wanted.Key?.Of(lane.Owner) },
                async now => new DirectPlan(lane, [.. (await ReadAsync(lane, some, cancellationToken)).Select(record => operation(record, now))]),
                cancellationToken);
        }
    }

    private async Task<List<MemoryRecord>> ReadAsync(Lane lane, IReadOnlyList<MemoryId> ids, CancellationToken cancellationToken)
    {
        Dictionary<MemoryId, MemoryRecord> active = (await store.EveryAsync(lane, ids, cancellationToken)).Where(record => record.IsActive).ToDictionary(record => record.Id);
        return [.. ids.Select(id => active.TryGetValue(id, out MemoryRecord? record) ? record : throw new NotFoundException($"Memory {id}"))];
    }
}
