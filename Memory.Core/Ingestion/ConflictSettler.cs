using Memory.Core.Episodic;
using Memory.Core.History;
using Memory.Core.Lanes;
using Memory.Core.LongTerm;
using Memory.Core.Privacy;

namespace Memory.Core.Ingestion;

/// <summary>
/// Settles which of two memories is right. What stays was said once more by that, and is surer; what does not was never true,
/// and is closed.
/// </summary>
public sealed class ConflictSettler(MemoryStore store, ConflictLog conflicts, LaneWrites writes)
{
    /// <param name="resolution">One of <see cref="ConflictResolution"/>.</param>
    /// <returns>The event it was done in.</returns>
    /// <exception cref="NotFoundException">No such conflict in the principal's reach.</exception>
    /// <exception cref="ConflictingWriteException">It is settled already.</exception>
    public async Task<EventId> ResolveAsync(
        Principal principal, Guid id, string resolution, IdempotencyKey? key, CancellationToken cancellationToken)
    {
        if (!ConflictResolution.All.Contains(resolution))
            throw new InvalidInputException("resolution", $"resolution is none: use {string.Join(", ", ConflictResolution.All)}.");
        var wanted = new Wanted(principal, "RESOLVE", IngestionRequest.Plain, key, IdempotencyKey.HashOf(new { Write = "resolve", id, resolution }));
        return (await writes.WriteAsync(wanted, now => PlanAsync(principal, id, resolution, now, cancellationToken), cancellationToken)).Event;
    }

    /// <exception cref="NotFoundException">No such conflict in the principal's reach.</exception>
    public async Task<MemoryConflict> GetAsync(Principal principal, Guid id, CancellationToken cancellationToken) =>
        await conflicts.FindAsync(principal.Project, id, cancellationToken) is { } conflict && AccessPolicy.MaySee(principal, conflict.Owner)
            ? conflict
            : throw new NotFoundException("Conflict");

    private async Task<DirectPlan> PlanAsync(Principal principal, Guid id, string resolution, DateTimeOffset now, CancellationToken cancellationToken)
    {
        MemoryConflict conflict = await GetAsync(principal, id, cancellationToken);
        if (conflict.ResolvedAt is not null)
            throw Settled();
        var lane = new Lane(principal.Project, conflict.Owner);
        Dictionary<MemoryId, MemoryRecord> sides = (await store.EveryAsync(lane, [conflict.A, conflict.B], cancellationToken)).ToDictionary(side => side.Id);
        if (sides.Count < 2)
            throw new NotFoundException("Conflict");
        return new DirectPlan(lane, Operations(conflict, sides[conflict.A], sides[conflict.B], resolution, now))
        {
            StillFitsAsync = async transaction =>
            {
                if (!await ConflictLog.IsOpenAsync(transaction, lane, id, cancellationToken))
                    throw Settled();
            },
        };
    }

    private static List<MemoryOperation> Operations(MemoryConflict conflict, MemoryRecord a, MemoryRecord b, string resolution, DateTimeOffset now)
    {
        string why = $"settled: {resolution}";
        if (resolution == ConflictResolution.BothTrue)
            return [new MemoryOperation.Settle(conflict.A, conflict.B, AskedFact.Silent(now), why), Said(a, why, now), Said(b, why, now)];
        (MemoryRecord kept, MemoryRecord closed) = resolution == ConflictResolution.KeepA ? (a, b) : (b, a);
        Fact contradiction = AskedFact.Of(kept, now) with { IsCorrection = true };
        return [new MemoryOperation.Delete(closed, contradiction, why) { SupersededBy = kept.Id }, Said(kept, why, now)];
    }

    private static MemoryOperation.None Said(MemoryRecord kept, string why, DateTimeOffset now) => new(kept.Id, AskedFact.Of(kept, now), why) { IsRestated = true };

    private static ConflictingWriteException Settled() => new("The conflict is settled already.");
}
