using Memory.Core.Episodic;
using Memory.Core.History;
using Memory.Core.Lanes;
using Memory.Core.LongTerm;
using Memory.Core.Privacy;

namespace Memory.Core.Ingestion;

/// <summary>
/// Brings back what a memory said before, or what all of an event's memories did. What is taken back was a mistake: by the clock
/// of the world it was never true. Nothing is lost by it; it is itself a version and an event, and can be taken back.
/// </summary>
public sealed class TakingBack(
    MemoryStore store, VersionLog versions, ConflictLog conflicts, Journal journal, IngestionEventLog events, LaneWrites writes)
{
    /// <summary>Lets a memory, active or closed, say again what one of its versions said, as a new version.</summary>
    /// <exception cref="NotFoundException">No such memory in the principal's reach, or no such version.</exception>
    /// <exception cref="ConflictingWriteException">It says so already, another memory does, or the version cannot come back.</exception>
    /// <exception cref="AnswerForgottenException">It was done under the key, and what it left was forgotten since.</exception>
    public async Task<MemoryRecord> RollbackAsync(
        Principal principal, MemoryId id, int version, IdempotencyKey? key, CancellationToken cancellationToken)
    {
        var wanted = new Wanted(principal, "UPDATE", IngestionRequest.Plain, key, IdempotencyKey.HashOf(new { Write = "rollback", id, version }));
        return (await writes.WriteAsync(wanted, now => PlanRollbackAsync(principal, id, version, now, cancellationToken), cancellationToken)).After;
    }

    /// <summary>
    /// Takes back everything an event did: what it added is closed, what it changed or closed says again what it said before,
    /// what it set against each other contradicts no longer, what it settled is open again. That it made a memory surer stays.
    /// </summary>
    /// <exception cref="NotFoundException">No such event in the principal's reach.</exception>
    /// <exception cref="ConflictingWriteException">It is not done yet, changed nothing, or something of it has changed or was forgotten since.</exception>
    public async Task<(EventId Event, IReadOnlyList<OperationResult> Results)> UndoAsync(
        Principal principal, EventId id, IdempotencyKey? key, CancellationToken cancellationToken)
    {
        var wanted = new Wanted(principal, "UNDO", IngestionRequest.Plain, key, IdempotencyKey.HashOf(new { Write = "undo", id }));
        Written written = await writes.WriteAsync(wanted, now => PlanUndoAsync(principal, id, now, cancellationToken), cancellationToken);
        return (written.Event, written.Results);
    }

    private async Task<DirectPlan> PlanRollbackAsync(Principal principal, MemoryId id, int number, DateTimeOffset now, CancellationToken cancellationToken)
    {
        Lane lane = await store.FindLaneAsync(principal, id, cancellationToken);
        MemoryRecord target = (await store.EveryAsync(lane, [id], cancellationToken)).SingleOrDefault() ?? throw new NotFoundException("Memory");
        MemoryVersion version = (await versions.ReadAsync(lane, id, cancellationToken)).SingleOrDefault(one => one.Version == number)
            ?? throw new NotFoundException($"Version {number} of this memory");
        if (version.Version == target.Version && target.IsActive)
            throw new ConflictingWriteException($"Version {number} is what the memory says now.");
        RequireSaying(version);
        List<MemoryRecord> same = await store.MatchingAsync(lane, target.Collection, [], [version.Content], cancellationToken);
        if (same.Find(other => other.Id != id) is { } other)
            throw new ConflictingWriteException($"Memory {other.Id} says already what version {number} said.");
        return new DirectPlan(lane, [new MemoryOperation.Update(target, await FactOfAsync(lane, version, now, cancellationToken), $"back to version {number}")]);
    }

    private async Task<DirectPlan> PlanUndoAsync(Principal principal, EventId id, DateTimeOffset now, CancellationToken cancellationToken)
    {
        IngestionEvent undone = await events.GetAsync(principal, id, cancellationToken);
        if (undone.Status is EventStatus.Pending or EventStatus.Running)
            throw new ConflictingWriteException("The event is not done yet: wait until it has ended.");
        var lane = new Lane(principal.Project, undone.Owner);
        // The last one changed first: it may stand where an earlier one stood.
        MemoryId[] changed = [.. undone.Results.Where(result => result.Operation is "ADD" or "UPDATE" or "DELETE")
            .Select(result => new MemoryId(result.Memory!.Value)).Reverse().Distinct()];
        List<MemoryConflict> touched = await conflicts.OfEventAsync(lane, id.Value, cancellationToken);
        List<MemoryOperation> plan = [.. touched.Where(conflict => conflict.OpenedIn == id.Value && conflict.ResolvedAt is null)
            .Select(conflict => new MemoryOperation.Settle(conflict.A, conflict.B, AskedFact.Silent(now), Reason(id)) { Undoes = id })];
        plan.AddRange(await PlanBackAsync(lane, id, changed, now, cancellationToken));
        plan.AddRange(touched.Where(conflict => conflict.ResolvedIn == id.Value && conflict.OpenedIn != id.Value)
            .Select(conflict => new MemoryOperation.Conflict(conflict.A, conflict.B, AskedFact.Silent(now), Reason(id)) { IsReopened = true }));
        return plan.Count > 0 ? new DirectPlan(lane, plan) : throw new ConflictingWriteException("The event left nothing to take back.");
    }

    private async Task<List<MemoryOperation>> PlanBackAsync(Lane lane, EventId id, MemoryId[] changed, DateTimeOffset now, CancellationToken cancellationToken)
    {
        Dictionary<MemoryId, MemoryRecord> targets = (await store.EveryAsync(lane, changed, cancellationToken)).ToDictionary(record => record.Id);
        ILookup<MemoryId, MemoryVersion> known = (await versions.ReadAsync(lane, changed, cancellationToken)).ToLookup(version => version.Memory);
        List<MemoryOperation> plan = [];
        foreach (MemoryId memory in changed)
        {
            if (!targets.TryGetValue(memory, out MemoryRecord? target))
                throw new ConflictingWriteException($"Memory {memory} was forgotten for good: what the event did cannot be undone.");
            int first = known[memory].FirstOrDefault(version => version.Event == id.Value)?.Version ?? 0;
            if (known[memory].Last().Event != id.Value || first == 0)
                throw new ConflictingWriteException($"Memory {memory} has changed since: undo that first, or roll the memory back.");
            MemoryVersion? before = known[memory].SingleOrDefault(version => version.Version == first - 1);
            if (before is not null && before.Change != "DELETE")
                plan.Add(new MemoryOperation.Update(target, await FactOfAsync(lane, before, now, cancellationToken), Reason(id)));
            else if (target.IsActive)
                plan.Add(new MemoryOperation.Delete(target, AskedFact.Of(target, now) with { IsCorrection = true }, Reason(id)));
        }

        return plan;
    }

    // As it was when it was made, with whom it named: sure as it was then, true since then, and said anew now.
    private async Task<Fact> FactOfAsync(Lane lane, MemoryVersion version, DateTimeOffset now, CancellationToken cancellationToken)
    {
        RequireSaying(version);
        Fact? made = version.Event is { } id ? await journal.FactOfAsync(lane, version.Memory, version.Version, new EventId(id), cancellationToken) : null;
        made ??= new Fact(
            version.Content, version.Kind, version.Attribute, version.Importance, version.Confidence, version.Trusted, version.Source, version.SourceSeqs, version.SaidAt)
        {
            Stage = version.Stage,
            ExpiresOn = version.ExpiresOn,
        };
        return made with { At = now, ValidFrom = version.Since, IsCorrection = true };
    }

    private static void RequireSaying(MemoryVersion version)
    {
        if (version.Change == "DELETE")
            throw new ConflictingWriteException($"Version {version.Version} closed the memory and says nothing: name one before it.");
        if (version.Content == Journal.TombstoneOf(version.Memory))
            throw new ConflictingWriteException($"Version {version.Version} of memory {version.Memory} was forgotten for good: it cannot come back.");
    }

    private static string Reason(EventId id) => $"event {id} was undone";
}
