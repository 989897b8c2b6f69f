using Memory.Core.Episodic;
using Memory.Core.Lanes;
using Memory.Core.LongTerm;
using Memory.Core.Privacy;

namespace Memory.Core.Ingestion;

/// <summary>
/// Changes or deletes many memories at once: each owner's in one transaction, all or none. Where several owners' are named, all
/// of them are looked for before the first is written.
/// </summary>
public sealed class ManyWrites(MemoryStore store, DirectWriter writer, LaneWrites writes)
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
            new Wanted(principal, "UPDATE", IngestionRequest.Plain, key, hash), [.. changes.Keys], record => writer.Changed(record, changes[record.Id]), cancellationToken);
    }

    /// <summary>Closes memories; their history stays.</summary>
    /// <exception cref="NotFoundException">One of them is not in the principal's reach: nothing is deleted.</exception>
    public Task DeleteAsync(Principal principal, IReadOnlyCollection<MemoryId> ids, IdempotencyKey? key, CancellationToken cancellationToken)
    {
        byte[] hash = IdempotencyKey.HashOf(new { Write = "delete many", ids });
        return WriteAsync(new Wanted(principal, "DELETE", IngestionRequest.Plain, key, hash), ids, writer.Closed, cancellationToken);
    }

    private async Task WriteAsync(
        Wanted wanted, IReadOnlyCollection<MemoryId> ids, Func<MemoryRecord, MemoryOperation> operation, CancellationToken cancellationToken)
    {
        if (ids.Count is 0 or > Most)
            throw new InvalidInputException("memories", $"memories has {ids.Count} entries: give 1 to {Most}.");
        IReadOnlyList<(Lane Lane, IReadOnlyList<MemoryId> Ids)> lanes = await store.FindLanesAsync(wanted.Principal, ids, cancellationToken);
        // With a key, some may have been written by a request that broke off.
        if (lanes.Count > 1 && wanted.Key is null)
        {
            foreach ((Lane lane, IReadOnlyList<MemoryId> some) in lanes)
                await ReadAsync(lane, some, cancellationToken);
        }

        for (var i = 0; i < lanes.Count; i++)
        {
            (Lane lane, IReadOnlyList<MemoryId> some) = lanes[i];
            await writes.WriteAsync(
                wanted with { Key = i == 0 ? wanted.Key : wanted.Key?.Part(i + 1) },
                async () => new DirectPlan(lane, [.. (await ReadAsync(lane, some, cancellationToken)).Select(operation)]),
                cancellationToken);
        }
    }

    private async Task<List<MemoryRecord>> ReadAsync(Lane lane, IReadOnlyList<MemoryId> ids, CancellationToken cancellationToken)
    {
        Dictionary<MemoryId, MemoryRecord> active = (await store.EveryAsync(lane, ids, cancellationToken)).Where(record => record.IsActive).ToDictionary(record => record.Id);
        return [.. ids.Select(id => active.TryGetValue(id, out MemoryRecord? record) ? record : throw new NotFoundException($"Memory {id}"))];
    }
}
