using System.Globalization;
using Memory.Core.Privacy;
using Memory.Core.Storage;

namespace Memory.Core.Episodic;

/// <summary>Which events are meant; null leaves a condition out.</summary>
/// <param name="Status">One of <see cref="EventStatus"/>.</param>
/// <param name="Kind">ADD, UPDATE or DELETE.</param>
public sealed record EventQuery(MemoryScope? Scope = null, string? Status = null, string? Kind = null);

/// <summary>What was accepted, newest first, and what becomes of it, change by change.</summary>
public sealed class EventFeed(MemoryDb db)
{
    /// <summary>Most changes of one <see cref="ChangesAsync"/>.</summary>
    public const int MaxChanges = 100;

    // The messages of an append share its ids; a write asked for word for word has none, its memories do.
    private const string InScope = """
        v.project_id = $1
           and ($2::text is null or (v.owner_kind = $2::owner_kind and v.owner_id = $3))
           and (coalesce($4::text, $5::text, $6::text) is null
                or exists (select 1
                             from episodes e
                            where e.project_id = v.project_id and e.owner_kind = v.owner_kind and e.owner_id = v.owner_id and e.seq = v.first_seq
                              and ($4 is null or e.agent_id = $4) and ($5 is null or e.app_id = $5) and ($6 is null or e.run_id = $6))
                or (v.first_seq is null
                    and exists (select 1
                                  from jsonb_array_elements(v.results) r
                                  join memories m
                                    on m.project_id = v.project_id and m.owner_kind = v.owner_kind and m.owner_id = v.owner_id
                                   and m.id = (r ->> 'memory')::uuid
                                 where ($4 is null or m.agent_ids @> array[$4]) and ($5 is null or m.app_ids @> array[$5])
                                   and ($6 is null or m.run_ids @> array[$6]))))
        """;

    private const string Meant = """
        ($7::text is null or v.status = $7)
           and ($8::text is null or v.kind = $8)
        """;

    // Ids are UUID v7: by them the newest come first, and no index is needed but the one that finds them.
    private const string Page = $"""
        select {IngestionEventLog.Columns}
          from events v
         where {InScope}
           and {Meant}
         order by v.id desc
         limit $9 offset $10
        """;

    private const string Count = $"""
        select count(*)
          from events v
         where {InScope}
           and {Meant}
        """;

    // Whatever is still running has a number from the oldest running one on: below it nothing will be added any more.
    private const string Changes = $"""
        select {IngestionEventLog.Columns}, v.changed::text
          from events v
         where {InScope}
           and (v.changed, v.id) > ($7::text::xid8, $8)
           and v.changed < pg_snapshot_xmin(pg_current_snapshot())
           and ($9::text is null or not pg_visible_in_snapshot(v.changed, $9::text::pg_snapshot))
         order by v.changed, v.id
         limit $10
        """;

    private const string Now = "select pg_snapshot_xmin(s)::text, pg_snapshot_xmax(s)::text, s::text from pg_current_snapshot() s";

    /// <summary>One page of the events, newest first, and how many there are in all.</summary>
    /// <param name="page">From 1.</param>
    /// <exception cref="InvalidInputException">There is no such status.</exception>
    public async Task<(IReadOnlyList<IngestionEvent> Events, long Total)> ListAsync(
        Principal principal, EventQuery query, int page, int pageSize, CancellationToken cancellationToken)
    {
        if (query.Status is not null && !EventStatus.All.Contains(query.Status))
            throw new InvalidInputException("status", $"status is none: use {string.Join(", ", EventStatus.All)}.");
        object?[] keys = [.. Keys(principal, query.Scope), query.Status, query.Kind is null ? null : WellFormedText.Require("event_type", query.Kind)];
        List<long> total = await db.QueryAsync(principal.Project, new Sql<long>(Count, row => row.GetInt64(0), keys), cancellationToken);
        List<IngestionEvent> events = await db.QueryAsync(
            principal.Project,
            new Sql<IngestionEvent>(Page, IngestionEventLog.Map, [.. keys, pageSize, (long)(page - 1) * pageSize]),
            cancellationToken);
        return (events, total[0]);
    }

    /// <summary>Where reading begins: with what is committed from now on.</summary>
    public async Task<EventCursor> NowAsync(Principal principal, CancellationToken cancellationToken)
    {
        (ulong oldest, _, string seen) = await SnapshotAsync(principal, cancellationToken);
        return new EventCursor(oldest, Guid.Empty) { Seen = seen };
    }

    /// <summary>Where reading goes on.</summary>
    /// <exception cref="InvalidInputException">The database has not come so far: the cursor is another one's.</exception>
    public async Task<EventCursor> AfterAsync(Principal principal, EventCursor cursor, CancellationToken cancellationToken)
    {
        (_, ulong next, _) = await SnapshotAsync(principal, cancellationToken);
        return cursor.Changed <= next
            ? cursor
            : throw new InvalidInputException("Last-Event-ID", "Last-Event-ID is none of this database: leave it out to begin now.");
    }

    /// <summary>
    /// The next changes of an owner's events, in the order of their transactions. An event that changed several times meanwhile
    /// comes once, as it is now; a transaction that is still running holds back what later ones changed, so that none is missed.
    /// </summary>
    /// <returns>Fewer than <see cref="MaxChanges"/>: that is all for now.</returns>
    public Task<List<EventChange>> ChangesAsync(Principal principal, MemoryScope scope, EventCursor after, CancellationToken cancellationToken) =>
        db.QueryAsync(
            principal.Project,
            new Sql<EventChange>(
                Changes,
                row => new EventChange(
                    after with { Changed = Number(row.GetString(IngestionEventLog.ColumnCount)), Id = row.GetGuid(0) }, IngestionEventLog.Map(row)),
                [.. Keys(principal, scope), after.Changed.ToString(CultureInfo.InvariantCulture), after.Id, after.Seen, MaxChanges]),
            cancellationToken);

    private async Task<(ulong Oldest, ulong Next, string Seen)> SnapshotAsync(Principal principal, CancellationToken cancellationToken) =>
        (await db.QueryAsync(
            principal.Project,
            new Sql<(ulong, ulong, string)>(Now, row => (Number(row.GetString(0)), Number(row.GetString(1)), row.GetString(2))),
            cancellationToken))[0];

    // Without a scope: all that the principal may see.
    private static object?[] Keys(Principal principal, MemoryScope? scope)
    {
        if (scope is null)
            return [principal.Project, principal.Subject?.KindName, principal.Subject?.Id, null, null, null];
        AccessPolicy.RequireOwner(principal, scope.Owner);
        Owner owner = scope.Owner;
        // An id narrows only where it is not the owner itself.
        return
        [
            principal.Project, owner.KindName, owner.Id,
            owner.Kind == OwnerKind.Agent ? null : scope.AgentId,
            owner.Kind == OwnerKind.App ? null : scope.AppId,
            owner.Kind == OwnerKind.Run ? null : scope.RunId,
        ];
    }

    private static ulong Number(string xid) => ulong.Parse(xid, CultureInfo.InvariantCulture);
}
