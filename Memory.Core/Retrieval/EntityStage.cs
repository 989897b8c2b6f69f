using Memory.Core.Lanes;
using Memory.Core.LongTerm;
using Memory.Core.Storage;

namespace Memory.Core.Retrieval;

/// <summary>Memories tied to the people, places and things that the question names.</summary>
public sealed class EntityStage(MemoryDb db)
{
    // A name counts when it stands in the question as whole words.
    private const string Find = $"""
        select {MemoryRecord.Columns}
          from memories m
          {MemoryRecord.CurrentVersion}
         where m.project_id = $1 and m.owner_kind = $2 and m.owner_id = $3 and m.status = 'active'
           and m.id in (
               select me.memory_id
                 from entities e
                 join memory_entities me
                   on me.project_id = e.project_id and me.owner_kind = e.owner_kind and me.owner_id = e.owner_id and me.entity_id = e.id
                where e.project_id = $1 and e.owner_kind = $2 and e.owner_id = $3
                  and strpos(' ' || $4 || ' ', ' ' || e.name_key || ' ') > 0)
           and (m.expires_on is null or m.expires_on >= current_date)
           and ($5::text is null or m.collection = $5)
         order by m.updated_at desc, m.id
         limit $6
        """;

    public Task<List<MemoryRecord>> SearchAsync(Lane lane, string query, string? collection, int limit, CancellationToken cancellationToken) =>
        db.QueryAsync(
            lane.Project,
            new Sql<MemoryRecord>(Find, MemoryRecord.Read, lane.Keys(ContentHash.Normalize(query), collection, limit)),
            cancellationToken);
}
