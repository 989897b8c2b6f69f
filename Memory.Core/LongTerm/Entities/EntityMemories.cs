using Memory.Core.Lanes;
using Memory.Core.Storage;

namespace Memory.Core.LongTerm.Entities;

/// <summary>What is remembered of people, places and things.</summary>
public sealed class EntityMemories(MemoryDb db)
{
    private const string TiedTo = $"""
        select {MemoryRecord.Columns}
          from memories m
          {MemoryRecord.CurrentVersion}
         where m.project_id = $1 and m.owner_kind = $2 and m.owner_id = $3 and m.status = 'active' and m.collection = $4
           and (m.expires_on is null or m.expires_on >= current_date)
           and exists (select from memory_entities t
                         join entities e
                           on e.project_id = t.project_id and e.owner_kind = t.owner_kind and e.owner_id = t.owner_id and e.id = t.entity_id
                        where t.project_id = m.project_id and t.owner_kind = m.owner_kind and t.owner_id = m.owner_id and t.memory_id = m.id
                          and (e.name_key = any ($5) or e.alias_keys && $5))
         order by m.updated_at desc, m.id
         limit $6
        """;

    /// <summary>The owner's active memories tied to an entity of one of the names, by name or alias; the newest first.</summary>
    public Task<List<MemoryRecord>> TiedToAsync(
        Lane lane, string collection, IReadOnlyCollection<string> names, int limit, CancellationToken cancellationToken) => names.Count == 0
        ? Task.FromResult<List<MemoryRecord>>([])
        : db.QueryAsync(
            lane.Project,
            new Sql<MemoryRecord>(TiedTo, MemoryRecord.Read, lane.Keys(collection, names.Select(EntityStatements.Key).Distinct().ToArray(), limit)),
            cancellationToken);
}
