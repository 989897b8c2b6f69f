using Memory.Core.Lanes;
using Memory.Core.Storage;
using Npgsql;

namespace Memory.Core.History;

/// <summary>How a contradiction was settled.</summary>
public static class ConflictResolution
{
    public const string KeepA = "keep_a";
    public const string KeepB = "keep_b";

    /// <summary>Both are true, at different times.</summary>
    public const string BothTrue = "both_true";

    public static IReadOnlyList<string> All { get; } = [KeepA, KeepB, BothTrue];
}

/// <summary>Two memories of one owner that contradict each other; both are active until it is settled.</summary>
/// <param name="A">The one with the smaller id: as ids go by time, the older one.</param>
/// <param name="ResolvedAt">Null: it is open.</param>
/// <param name="ResolvedBy">An actor of the audit log.</param>
public sealed record MemoryConflict(
    Guid Id, Owner Owner, MemoryId A, MemoryId B, DateTimeOffset OpenedAt, DateTimeOffset? ResolvedAt, string? Resolution, string? ResolvedBy)
{
    /// <summary>The event that opened it.</summary>
    public Guid? OpenedIn { get; init; }

    /// <summary>The event that settled it.</summary>
    public Guid? ResolvedIn { get; init; }
}

/// <summary>The contradictions of an owner's memory.</summary>
public sealed class ConflictLog(MemoryDb db)
{
    private const string Columns = "id, owner_kind, owner_id, memory_a, memory_b, opened_at, resolved_at, resolution, resolved_by, event_id, resolved_event";

    // What was settled once is not opened again: the two are the same two.
    private const string InsertConflict = """
        insert into conflicts (project_id, owner_kind, owner_id, memory_a, memory_b, opened_at, event_id)
        select $1, $2, $3, least(a.id, b.id), greatest(a.id, b.id), coalesce($7, now()), $6
          from memories a
          join memories b
            on b.project_id = a.project_id and b.owner_kind = a.owner_kind and b.owner_id = a.owner_id and b.id = $5 and b.status = 'active'
         where a.project_id = $1 and a.owner_kind = $2 and a.owner_id = $3 and a.id = $4 and a.status = 'active' and a.id <> b.id
        on conflict do nothing
        """;

    private const string CloseWith = """
        update conflicts
           set resolved_at = coalesce($6, now()), resolution = case memory_a when $4 then 'keep_b' else 'keep_a' end, resolved_by = $5, resolved_event = $7
         where project_id = $1 and owner_kind = $2 and owner_id = $3 and resolved_at is null and (memory_a = $4 or memory_b = $4)
        """;

    private const string Settle = """
        update conflicts
           set resolved_at = coalesce($7, now()), resolution = 'both_true', resolved_by = $6, resolved_event = $8
         where project_id = $1 and owner_kind = $2 and owner_id = $3 and memory_a = least($4, $5) and memory_b = greatest($4, $5)
           and resolved_at is null
        """;

    private const string Reopen = """
        update conflicts
           set resolved_at = null, resolution = null, resolved_by = null, resolved_event = null
         where project_id = $1 and owner_kind = $2 and owner_id = $3 and memory_a = least($4, $5) and memory_b = greatest($4, $5)
        """;

    private const string ReadOfEvent = $"""
        select {Columns}
          from conflicts
         where project_id = $1 and owner_kind = $2 and owner_id = $3 and (event_id = $4 or resolved_event = $4)
         order by opened_at, id
        """;

    private const string ReadStillOpen = """
        select true
          from conflicts
         where project_id = $1 and owner_kind = $2 and owner_id = $3 and id = $4 and resolved_at is null
        """;

    private const string ReadOpen = $"""
        select {Columns}
          from conflicts
         where project_id = $1 and owner_kind = $2 and owner_id = $3 and resolved_at is null
         order by opened_at, id
         limit $4
        """;

    // By its id alone: the caller of /v1/conflicts/{id}/ knows no owner. Whether it may see it is decided on the owner found.
    private const string ReadOne = $"""
        select {Columns}
          from conflicts
         where project_id = $1 and id = $2
        """;

    /// <summary>Opens a contradiction between two active memories; nothing where one is no longer active.</summary>
    public static Sql<bool> Opened(Lane lane, MemoryId one, MemoryId other, Guid eventId, DateTimeOffset? at) =>
        Sql.Command(InsertConflict, lane.Keys(one, other, eventId, at));

    /// <summary>A memory is closed: whatever contradicted it is kept.</summary>
    public static Sql<bool> Closed(Lane lane, MemoryId closed, string actor, Guid eventId, DateTimeOffset? at) =>
        Sql.Command(CloseWith, lane.Keys(closed, actor, at, eventId));

    /// <summary>Both stay, and contradict no longer.</summary>
    public static Sql<bool> Settled(Lane lane, MemoryId one, MemoryId other, string actor, Guid eventId, DateTimeOffset? at) =>
        Sql.Command(Settle, lane.Keys(one, other, actor, at, eventId));

    /// <summary>What settled it was taken back.</summary>
    public static Sql<bool> Reopened(Lane lane, MemoryId one, MemoryId other) => Sql.Command(Reopen, lane.Keys(one, other));

    /// <summary>Whether it is not settled yet, as a transaction that holds the lane sees it.</summary>
    public static async Task<bool> IsOpenAsync(MemoryTransaction transaction, Lane lane, Guid id, CancellationToken cancellationToken) =>
        (await transaction.QueryAsync(new Sql<bool>(ReadStillOpen, row => row.GetBoolean(0), lane.Keys(id)), cancellationToken)).Count > 0;

    /// <summary>What is not settled yet, oldest first.</summary>
    public Task<List<MemoryConflict>> OpenAsync(Lane lane, int limit, CancellationToken cancellationToken) =>
        db.QueryAsync(lane.Project, new Sql<MemoryConflict>(ReadOpen, Map, lane.Keys(limit)), cancellationToken);

    /// <summary>What an event opened or settled, oldest first.</summary>
    public Task<List<MemoryConflict>> OfEventAsync(Lane lane, Guid eventId, CancellationToken cancellationToken) =>
        db.QueryAsync(lane.Project, new Sql<MemoryConflict>(ReadOfEvent, Map, lane.Keys(eventId)), cancellationToken);

    /// <returns>Null: no such conflict in the project.</returns>
    public async Task<MemoryConflict?> FindAsync(ProjectId project, Guid id, CancellationToken cancellationToken) =>
        (await db.QueryAsync(project, new Sql<MemoryConflict>(ReadOne, Map, project, id), cancellationToken)).SingleOrDefault();

    private static MemoryConflict Map(NpgsqlDataReader row) => new(
        row.GetGuid(0), new Owner(Owner.ParseKind(row.GetString(1)), row.GetString(2)), new MemoryId(row.GetGuid(3)), new MemoryId(row.GetGuid(4)),
        row.GetFieldValue<DateTimeOffset>(5), row.IsDBNull(6) ? null : row.GetFieldValue<DateTimeOffset>(6),
        row.IsDBNull(7) ? null : row.GetString(7), row.IsDBNull(8) ? null : row.GetString(8))
    {
        OpenedIn = row.IsDBNull(9) ? null : row.GetGuid(9),
        ResolvedIn = row.IsDBNull(10) ? null : row.GetGuid(10),
    };
}
