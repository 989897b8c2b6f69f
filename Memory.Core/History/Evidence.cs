using Memory.Core.Lanes;
using Memory.Core.Storage;

namespace Memory.Core.History;

/// <summary>Who said a memory once more, or against it, and when.</summary>
/// <param name="Source">user, assistant, tool, document, import or api.</param>
/// <param name="Seqs">The owner's episodes it was said in; empty for a direct write.</param>
/// <param name="SaidAt">When it was said.</param>
/// <param name="Confidence">Of what says it, 0..1.</param>
public sealed record Testimony(string Source, IReadOnlyList<long> Seqs, DateTimeOffset SaidAt, double Confidence, Guid Event, DateTimeOffset? KnownAt);

/// <summary>
/// How sure a memory is moves with evidence. Said once more with confidence f, half of f closes what is left of doubt:
/// c' = c + (1 − c) · f / 2, up to 0.99. Contradicted by what is believed with confidence f: c' = c · (1 − f / 2).
/// </summary>
public static class Evidence
{
    private const string InsertRestated = """
        with before as (
               select confidence
                 from memories
                where project_id = $1 and owner_kind = $2 and owner_id = $3 and id = $4 and status = 'active'),
             changed as (
               update memories m
                  set confidence = greatest(b.confidence, least(0.99, b.confidence + (1 - b.confidence) * $5 / 2))::real
                 from before b
                where m.project_id = $1 and m.owner_kind = $2 and m.owner_id = $3 and m.id = $4
               returning m.confidence)
        insert into memory_evidence (project_id, owner_kind, owner_id, memory_id, kind, source, source_seqs, event_id, said_at, known_from, before, after)
        select $1, $2, $3, $4, 'restated', $6, $7, $8, $9, coalesce($10, now()), b.confidence, c.confidence
          from before b, changed c
        """;

    private const string InsertContradicted = """
        with sides as (
               select m.id, m.confidence as before, (m.confidence * (1 - o.confidence / 2))::real as after
                 from memories m
                 join memories o
                   on o.project_id = m.project_id and o.owner_kind = m.owner_kind and o.owner_id = m.owner_id
                  and o.id = case m.id when $4 then $5 else $4 end
                where m.project_id = $1 and m.owner_kind = $2 and m.owner_id = $3 and m.id in ($4, $5)
                  and m.status = 'active' and o.status = 'active'),
             changed as (
               update memories m
                  set confidence = s.after
                 from sides s
                where m.project_id = $1 and m.owner_kind = $2 and m.owner_id = $3 and m.id = s.id)
        insert into memory_evidence (project_id, owner_kind, owner_id, memory_id, kind, source, source_seqs, event_id, said_at, known_from, before, after)
        select $1, $2, $3, s.id, 'contradicted', $6, $7, $8, $9, coalesce($10, now()), s.before, s.after
          from sides s
        """;

    private const string RestoreConfidence = """
        update memories m
           set confidence = e.before
          from memory_evidence e
         where m.project_id = $1 and m.owner_kind = $2 and m.owner_id = $3 and m.id in ($4, $5)
           and e.project_id = m.project_id and e.owner_kind = m.owner_kind and e.owner_id = m.owner_id and e.memory_id = m.id
           and e.kind = 'contradicted' and e.event_id = $6 and m.confidence = e.after
        """;

    /// <summary>That two memories contradict was taken back: what has not moved since is as sure as it was.</summary>
    public static Sql<bool> Withdrawn(Lane lane, MemoryId one, MemoryId other, Guid undone) =>
        Sql.Command(RestoreConfidence, lane.Keys(one, other, undone));

    /// <summary>An active memory was said once more.</summary>
    public static Sql<bool> Restated(Lane lane, MemoryId memory, Testimony said) => Sql.Command(
        InsertRestated, lane.Keys(memory, said.Confidence, said.Source, said.Seqs.ToArray(), said.Event, said.SaidAt, said.KnownAt));

    /// <summary>Two active memories contradict each other: each is as much less sure as the other is believed.</summary>
    public static Sql<bool> Contradicted(Lane lane, MemoryId one, MemoryId other, Testimony said) => Sql.Command(
        InsertContradicted, lane.Keys(one, other, said.Source, said.Seqs.ToArray(), said.Event, said.SaidAt, said.KnownAt));
}
