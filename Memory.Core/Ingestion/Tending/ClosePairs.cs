using Memory.Core.Lanes;
using Memory.Core.LongTerm;
using Memory.Core.Storage;

namespace Memory.Core.Ingestion.Tending;

/// <summary>
/// Active memories of one owner that may say the same or contradict each other: close by their vectors, or about one
/// attribute. What is in a conflict already, open or settled, is left out.
/// </summary>
public sealed class ClosePairs(MemoryDb db, VectorSpace space)
{
    // Every vector against every other is too much for a large memory: the newest are compared with all.
    private const int Newest = 500;

    private const string Find = $"""
        with newest as (
               select n.memory_id, n.embedding
                 from memory_vectors n
                 join memories m
                   on m.project_id = n.project_id and m.owner_kind = n.owner_kind and m.owner_id = n.owner_id and m.id = n.memory_id
                where n.project_id = $1 and n.owner_kind = $2 and n.owner_id = $3 and n.current and n.model = $4
                  and m.status = 'active' and m.kind <> 'summary'
                order by m.updated_at desc, m.id
                limit $5),
             pairs as (
               select least(n.memory_id, o.memory_id) as a, greatest(n.memory_id, o.memory_id) as b, max(-(n.embedding <#> o.embedding)) as similarity
                 from newest n
                 join memory_vectors o
                   on o.project_id = $1 and o.owner_kind = $2 and o.owner_id = $3 and o.current and o.model = $4 and o.memory_id <> n.memory_id
                where -(n.embedding <#> o.embedding) >= $6
                group by 1, 2
               union all
               select least(x.id, y.id), greatest(x.id, y.id), null
                 from memories x
                 join memories y
                   on y.project_id = x.project_id and y.owner_kind = x.owner_kind and y.owner_id = x.owner_id
                  and y.collection = x.collection and y.attribute = x.attribute and y.id > x.id
                where x.project_id = $1 and x.owner_kind = $2 and x.owner_id = $3 and x.status = 'active' and y.status = 'active')
        select {MemoryRecord.Columns}, p.similarity,
               exists (select from conflicts d
                        where d.project_id = $1 and d.owner_kind = $2 and d.owner_id = $3 and d.resolved_at is null
                          and (d.memory_a = m.id or d.memory_b = m.id))
          from pairs p
          join memories m
            on m.project_id = $1 and m.owner_kind = $2 and m.owner_id = $3 and m.id in (p.a, p.b)
          {MemoryRecord.CurrentVersion}
         where not exists (select from conflicts c
                            where c.project_id = $1 and c.owner_kind = $2 and c.owner_id = $3 and c.memory_a = p.a and c.memory_b = p.b)
           and not exists (select
                             from judged_pairs j
                             join memories a
                               on a.project_id = j.project_id and a.owner_kind = j.owner_kind and a.owner_id = j.owner_id and a.id = j.memory_a
                             join memories b
                               on b.project_id = j.project_id and b.owner_kind = j.owner_kind and b.owner_id = j.owner_id and b.id = j.memory_b
                            where j.project_id = $1 and j.owner_kind = $2 and j.owner_id = $3 and j.memory_a = p.a and j.memory_b = p.b
                              and (j.merged or (a.version = j.version_a and b.version = j.version_b)))
           and not exists (select from memories q
                            where q.project_id = $1 and q.owner_kind = $2 and q.owner_id = $3 and q.id in (p.a, p.b)
                              and (q.status <> 'active' or q.kind = 'summary'))
         order by p.similarity desc nulls first, p.a, p.b, m.id
         limit $7
        """;

    private const string Judge = """
        insert into judged_pairs (project_id, owner_kind, owner_id, memory_a, memory_b, version_a, version_b, merged)
        select $1, $2, $3, a.id, b.id, a.version, b.version, $6
          from memories a
          join memories b
            on b.project_id = a.project_id and b.owner_kind = a.owner_kind and b.owner_id = a.owner_id and b.id = greatest($4::uuid, $5::uuid)
         where a.project_id = $1 and a.owner_kind = $2 and a.owner_id = $3 and a.id = least($4::uuid, $5::uuid)
        on conflict (project_id, owner_kind, owner_id, memory_a, memory_b) do update
           set version_a = excluded.version_a, version_b = excluded.version_b, merged = judged_pairs.merged or excluded.merged, judged_at = now()
        """;

    /// <summary>The pair was looked at: not again before one of the two has changed, and never where they were merged.</summary>
    internal static Sql<bool> Judged(Lane lane, ClosePair pair, bool merged) => Sql.Command(Judge, lane.Keys(pair.Older.Id, pair.Newer.Id, merged));

    /// <summary>At most so many pairs that were not looked at as they are now, the closest first.</summary>
    public async Task<IReadOnlyList<ClosePair>> FindAsync(Lane lane, double similarity, int most, CancellationToken cancellationToken)
    {
        List<(MemoryRecord Record, double? Similarity, bool IsDisputed)> sides = await db.QueryAsync(
            lane.Project,
            new Sql<(MemoryRecord, double?, bool)>(
                Find, row => (MemoryRecord.Read(row), row.IsDBNull(MemoryRecord.ColumnCount) ? null : row.GetDouble(MemoryRecord.ColumnCount), row.GetBoolean(MemoryRecord.ColumnCount + 1)),
                lane.Keys(space.Model, Newest, similarity, 2 * most)),
            cancellationToken);
        return [.. sides.Chunk(2)
            .Select(pair => pair.OrderBy(side => side.Record.UpdatedAt).ThenBy(side => side.Record.Id.Value).ToArray())
            .Where(pair => pair.Length == 2 && pair[0].Record.Collection == pair[1].Record.Collection)
            .Select(pair => new ClosePair(pair[0].Record, pair[1].Record, pair[0].Similarity) { IsDisputed = pair[0].IsDisputed || pair[1].IsDisputed })];
    }
}
