using Memory.Core.Lanes;
using Memory.Core.Storage;

namespace Memory.Core.Ingestion.Rebuilding;

/// <summary>All of an owner's memory as lines of text that can be compared: no ids, nothing that only indexes.</summary>
/// <param name="Exact">Everything, both clocks included.</param>
/// <param name="Readable">Status, kind and text.</param>
internal sealed record MemoryImage(IReadOnlyList<string> Exact, IReadOnlyList<string> Readable)
{
    private const string ReadExact = """
        select (to_jsonb(m) - '{owner_id,id,words,superseded_by}'::text[]
                || jsonb_build_object(
                       'versions', (select jsonb_agg(to_jsonb(v) - '{owner_id,memory_id,event_id,superseded_by}'::text[] order by v.version)
                                      from memory_versions v
                                     where v.project_id = $1 and v.owner_kind = $2 and v.owner_id = $3 and v.memory_id = m.id),
                       'evidence', (select jsonb_agg(to_jsonb(x) - '{owner_id,memory_id,id,event_id}'::text[] order by x.known_from, x.said_at, x.kind, x.after)
                                      from memory_evidence x
                                     where x.project_id = $1 and x.owner_kind = $2 and x.owner_id = $3 and x.memory_id = m.id),
                       'contradicted_by', (select jsonb_agg(o.content order by o.content)
                                             from conflicts c
                                             join memories o
                                               on o.project_id = $1 and o.owner_kind = $2 and o.owner_id = $3
                                              and o.id = case m.id when c.memory_a then c.memory_b else c.memory_a end
                                            where c.project_id = $1 and c.owner_kind = $2 and c.owner_id = $3 and c.resolved_at is null
                                              and m.id in (c.memory_a, c.memory_b))))::text
          from memories m
         where m.project_id = $1 and m.owner_kind = $2 and m.owner_id = $3
        union all
        select jsonb_build_object('entity', e.name, 'kind', e.kind, 'aliases', e.aliases)::text
          from entities e
         where e.project_id = $1 and e.owner_kind = $2 and e.owner_id = $3
        union all
        select jsonb_build_object('subject', s.name, 'predicate', r.predicate, 'object', o.name, 'valid_from', r.valid_from, 'valid_to', r.valid_to, 'holds', r.known_to is null)::text
          from relations r
          join entities o
            on o.project_id = r.project_id and o.owner_kind = r.owner_kind and o.owner_id = r.owner_id and o.id = r.object_id
          left join entities s
            on s.project_id = r.project_id and s.owner_kind = r.owner_kind and s.owner_id = r.owner_id and s.id = r.subject_id
         where r.project_id = $1 and r.owner_kind = $2 and r.owner_id = $3
        """;

    private const string ReadReadable = """
        select status || ' ' || kind || ': ' || content
          from memories
         where project_id = $1 and owner_kind = $2 and owner_id = $3
        """;

    internal static async Task<MemoryImage> ReadAsync(MemoryDb db, Lane lane, CancellationToken cancellationToken) => new(
        await LinesAsync(db, lane, ReadExact, cancellationToken), await LinesAsync(db, lane, ReadReadable, cancellationToken));

    /// <summary>What the other has less, as <c>- line</c>, and more, as <c>+ line</c>; in plain words where those tell it.</summary>
    internal IReadOnlyList<string> DifferenceTo(MemoryImage other)
    {
        List<string> readable = Difference(Readable, other.Readable);
        return readable.Count > 0 ? readable : Difference(Exact, other.Exact);
    }

    private static List<string> Difference(IReadOnlyList<string> before, IReadOnlyList<string> after)
    {
        Dictionary<string, int> counts = before.Concat(after).Distinct(StringComparer.Ordinal).ToDictionary(line => line, _ => 0, StringComparer.Ordinal);
        foreach (string line in before)
            counts[line]--;
        foreach (string line in after)
            counts[line]++;
        return [.. counts.Where(one => one.Value != 0).OrderBy(one => one.Key, StringComparer.Ordinal).SelectMany(one => Enumerable.Repeat($"{(one.Value < 0 ? '-' : '+')} {one.Key}", Math.Abs(one.Value)))];
    }

    private static async Task<IReadOnlyList<string>> LinesAsync(MemoryDb db, Lane lane, string statement, CancellationToken cancellationToken)
    {
        List<string> lines = await db.QueryAsync(lane.Project, new Sql<string>(statement, row => row.GetString(0), lane.Keys()), cancellationToken);
        lines.Sort(StringComparer.Ordinal);
        return lines;
    }
}
