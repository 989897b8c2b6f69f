using Memory.Core.Lanes;
using Memory.Core.LongTerm;
using Memory.Core.Storage;

namespace Memory.Core.Ingestion.Rebuilding;

/// <summary>
/// Fits what was written directly to a memory that was decided anew: a memory that was distilled has another id there, and is
/// known by what it says. Asked in order, inside the transaction that carries out what comes of it.
/// </summary>
/// <param name="real">The owner's own lane, as it was written to.</param>
/// <param name="made">The one it is decided anew in.</param>
internal sealed class Refit(Lane real, Lane made)
{
    private const string ReadContents = """
        select content
          from memory_versions
         where project_id = $1 and owner_kind = $2 and owner_id = $3 and memory_id = $4
         order by version desc
        """;

    // The one of that id first, then what says it now, the newest words before older ones.
    private const string ReadSaying = $"""
        select {MemoryRecord.Columns}
          from memories m
          {MemoryRecord.CurrentVersion}
         where m.project_id = $1 and m.owner_kind = $2 and m.owner_id = $3
           and (m.id = $4 or (m.content_hash = any ($5) and (m.status = 'active' or $6)))
         order by m.id = $4 desc, m.status = 'active' desc, array_position($5, m.content_hash), m.updated_at desc, m.id
         limit 1
        """;

    private const string ReadOther = $"""
        select {MemoryRecord.Columns}
          from memories m
          {MemoryRecord.CurrentVersion}
         where m.project_id = $1 and m.owner_kind = $2 and m.owner_id = $3 and m.status = 'active' and m.id <> $4 and m.content_hash = $5
         limit 1
        """;

    private readonly Dictionary<MemoryId, MemoryId> _found = [];

    /// <returns>Null: nothing is there that it could change.</returns>
    internal async Task<MemoryOperation?> FitAsync(MemoryTransaction transaction, MemoryOperation operation, CancellationToken cancellationToken) => operation switch
    {
        MemoryOperation.Add add => await FitAsync(transaction, add, cancellationToken),
        MemoryOperation.Update update => await FitAsync(transaction, update, cancellationToken),
        MemoryOperation.Delete delete => await FitAsync(transaction, delete, cancellationToken),
        MemoryOperation.Conflict conflict => await FindBothAsync(transaction, conflict.One, conflict.Other, cancellationToken) is var (one, other)
            ? conflict with { One = one, Other = other }
            : null,
        MemoryOperation.Settle settle => await FindBothAsync(transaction, settle.One, settle.Other, cancellationToken) is var (one, other)
            ? settle with { One = one, Other = other }
            : null,
        MemoryOperation.Judge judge => await FindAsync(transaction, judge.Target, cancellationToken) is { } found ? judge with { Target = found } : null,
        MemoryOperation.None { Target: { } target } none => await FindAsync(transaction, target, cancellationToken) is { } found ? none with { Target = found } : null,
        _ => operation,
    };

    private async Task<MemoryOperation> FitAsync(MemoryTransaction transaction, MemoryOperation.Add add, CancellationToken cancellationToken) =>
        await FindAsync(transaction, add.Id, [ContentHash.Of(add.NewFact.Content)], orClosed: false, cancellationToken) is { } same
            ? new MemoryOperation.None(same.Id, add.NewFact, add.Why) { IsRestated = true }
            : add;

    private async Task<MemoryOperation?> FitAsync(MemoryTransaction transaction, MemoryOperation.Update update, CancellationToken cancellationToken)
    {
        // What was closed is brought back by an update; it may be closed here too.
        if (await FindAsync(transaction, update.Target, orClosed: !update.Target.IsActive, cancellationToken) is not { } target)
            return null;
        object?[] keys = made.Keys(target.Id, ContentHash.Of(update.NewFact.Content));
        if ((await transaction.QueryAsync(new Sql<MemoryRecord>(ReadOther, MemoryRecord.Read, keys), cancellationToken)).SingleOrDefault() is not { } same)
            return update with { Target = target };
        _found[update.Target.Id] = same.Id;
        return target.IsActive
            ? new MemoryOperation.Delete(target, update.NewFact, update.Why) { SupersededBy = same.Id }
            : new MemoryOperation.None(same.Id, update.NewFact, update.Why) { IsRestated = true };
    }

    private async Task<MemoryOperation?> FitAsync(MemoryTransaction transaction, MemoryOperation.Delete delete, CancellationToken cancellationToken)
    {
        MemoryRecord? target = await FindAsync(transaction, delete.Target, orClosed: true, cancellationToken);
        MemoryId? superseding = delete.SupersededBy is { } by ? await FindAsync(transaction, by, cancellationToken) : null;
        return target switch
        {
            null => null,
            { IsActive: true } => delete with { Target = target, SupersededBy = superseding },
            _ => new MemoryOperation.None(null, delete.Contradiction, delete.Why),
        };
    }

    private async Task<(MemoryId One, MemoryId Other)?> FindBothAsync(
        MemoryTransaction transaction, MemoryId one, MemoryId other, CancellationToken cancellationToken) =>
        await FindAsync(transaction, one, cancellationToken) is { } foundOne && await FindAsync(transaction, other, cancellationToken) is { } foundOther && foundOne != foundOther
            ? (foundOne, foundOther)
            : null;

    // Whoever is known by its id alone is known by all it ever said.
    private async Task<MemoryId?> FindAsync(MemoryTransaction transaction, MemoryId id, CancellationToken cancellationToken)
    {
        List<string> contents = await transaction.QueryAsync(new Sql<string>(ReadContents, row => row.GetString(0), real.Keys(id)), cancellationToken);
        return (await FindAsync(transaction, id, [.. contents.Select(ContentHash.Of)], orClosed: true, cancellationToken))?.Id;
    }

    private Task<MemoryRecord?> FindAsync(MemoryTransaction transaction, MemoryRecord target, bool orClosed, CancellationToken cancellationToken) =>
        FindAsync(transaction, target.Id, [Convert.FromHexString(target.ContentHash)], orClosed, cancellationToken);

    private async Task<MemoryRecord?> FindAsync(
        MemoryTransaction transaction, MemoryId id, byte[][] hashes, bool orClosed, CancellationToken cancellationToken)
    {
        object?[] keys = made.Keys(_found.GetValueOrDefault(id, id), hashes, orClosed);
        MemoryRecord? found = (await transaction.QueryAsync(new Sql<MemoryRecord>(ReadSaying, MemoryRecord.Read, keys), cancellationToken)).SingleOrDefault();
        if (found is not null)
            _found[id] = found.Id;
        return found;
    }
}
