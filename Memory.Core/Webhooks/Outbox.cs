using Memory.Core.Lanes;
using Memory.Core.Storage;

namespace Memory.Core.Webhooks;

/// <summary>
/// Notes what is to be told, in the transaction that changes the memory: nothing is told that did not happen, and nothing that
/// happened goes untold. For one that is switched off nothing is noted. Where a project has no webhook it is a look into an empty index, in a trip that is made anyway.
/// </summary>
public static class Outbox
{
    private const string Insert = """
        insert into webhook_deliveries (project_id, owner_kind, owner_id, webhook_id, kind, memory_id, version, event_id)
        select $1, $2, $3, w.id, n.kind, n.memory_id, n.version, n.event_id
          from webhooks w
          join unnest($4::text[], $5::uuid[], $6::integer[], $7::uuid[]) n (kind, memory_id, version, event_id)
            on n.kind = any (w.kinds)
         where w.project_id = $1 and w.is_active
        """;

    /// <returns>At most one statement, for a whole batch.</returns>
    public static IReadOnlyList<Sql<bool>> Of(Lane lane, IReadOnlyList<MemoryNews> news) =>
        // A memory that is made anew beside its owner's is no news.
        news.Count == 0 || lane.Owner.Id.StartsWith(MemoryScope.OfRebuilds, StringComparison.Ordinal) ? []
        : [Sql.Command(Insert, lane.Keys(
            news.Select(one => one.Kind).ToArray(), news.Select(one => one.Memory.Value).ToArray(),
            news.Select(one => one.Version).ToArray(), news.Select(one => one.Event.Value).ToArray()))];
}
