using Memory.Core.Lanes;
using Memory.Core.Storage;

namespace Memory.Core.Retrieval;

/// <summary>
/// Turns that say only what is remembered no more: they gave at least one memory, and none that they gave still says it. What
/// was superseded, deleted or forgotten does not come back word for word. A turn that never gave a memory is never stale.
/// </summary>
public static class StaleTurns
{
    // A memory still says what a version said while its text is the same: a change of its metadata is none of what it says.
    // A summary is made of memories: it says nothing of a turn that they do not. Said once more counts for the version it was said of; within one transaction the clock of saying tells which that was.
    private const string Find = """
        with given as (
               select u.seq, m.status = 'active' and m.content_hash = v.content_hash as holds
                 from memory_versions v
                 join memories m
                   on m.project_id = v.project_id and m.owner_kind = v.owner_kind and m.owner_id = v.owner_id and m.id = v.memory_id
                cross join unnest(v.source_seqs) u (seq)
                where v.project_id = $1 and v.owner_kind = $2 and v.owner_id = $3
                  and v.source_seqs && $4 and v.change <> 'DELETE' and m.kind <> 'summary'
               union all
               select u.seq, m.status = 'active' and m.content_hash = v.content_hash
                 from memory_evidence e
                 join memories m
                   on m.project_id = e.project_id and m.owner_kind = e.owner_kind and m.owner_id = e.owner_id and m.id = e.memory_id
                 left join memory_versions v
                   on v.project_id = e.project_id and v.owner_kind = e.owner_kind and v.owner_id = e.owner_id and v.memory_id = e.memory_id
                  and v.change <> 'DELETE' and (v.known_to is null or v.known_to > e.known_from)
                  and (v.known_from < e.known_from or (v.known_from = e.known_from and v.said_at <= e.said_at))
                cross join unnest(e.source_seqs) u (seq)
                where e.project_id = $1 and e.owner_kind = $2 and e.owner_id = $3
                  and e.source_seqs && $4 and e.kind = 'restated' and m.kind <> 'summary')
        select seq
          from given
         where seq = any ($4)
         group by seq
        having not bool_or(coalesce(holds, false))
        """;

    /// <param name="seqs">Of the owner's turns that were found.</param>
    internal static Sql<long> Statement(Lane lane, IReadOnlyCollection<long> seqs) => new(Find, row => row.GetInt64(0), lane.Keys(seqs.ToArray()));
}
