using Memory.Core.History;
using Memory.Core.Lanes;
using Memory.Core.LongTerm.Entities;
using Memory.Core.Storage;
using Pgvector;

namespace Memory.Core.LongTerm;

/// <summary>The statements that one planned operation is carried out with, in order.</summary>
internal sealed class MemoryStatements(Lane lane, string collection, Authorship authorship, VectorSpace space)
{
    private const string InsertMemory = """
        insert into memories (project_id, owner_kind, owner_id, id, collection, version, status, kind, attribute, content, content_hash, words,
                              importance, confidence, trusted, categories, metadata, agent_ids, app_ids, run_ids,
                              valid_from, expires_on, created_at, updated_at, stage)
        select $1, $2, $3, $4, $5, 1, 'active', $6, $7, $8, $9, to_tsvector(c.language, $8),
               $10, $11, $12, $13, $14, array_remove(array[$15::text], null), array_remove(array[$16::text], null), array_remove(array[$17::text], null),
               $18, $19, $20, $20, $21
          from collections c
         where c.project_id = $1 and c.name = $5
        """;

    // The sets of agents, apps and runs grow: whoever says it too is added, no second row is. What was closed is active again.
    private const string UpdateMemory = """
        update memories m
           set version = m.version + 1, kind = $5, attribute = $6, content = $7, content_hash = $8, words = to_tsvector(c.language, $7),
               importance = $9, confidence = $10, trusted = $11, metadata = coalesce($12, m.metadata), stage = $19,
               categories = case when cardinality($20::text[]) > 0 then $20 else m.categories end,
               status = 'active', valid_to = null, superseded_by = null,
               agent_ids = array(select distinct x from unnest(m.agent_ids || array_remove(array[$13::text], null)) x order by x),
               app_ids   = array(select distinct x from unnest(m.app_ids || array_remove(array[$14::text], null)) x order by x),
               run_ids   = array(select distinct x from unnest(m.run_ids || array_remove(array[$15::text], null)) x order by x),
               valid_from = $16, expires_on = $17, updated_at = $18
          from collections c
         where m.project_id = $1 and m.owner_kind = $2 and m.owner_id = $3 and m.id = $4
           and c.project_id = m.project_id and c.name = m.collection
        """;

    private const string WidenScope = """
        update memories
           set agent_ids = array(select distinct x from unnest(agent_ids || array_remove(array[$5::text], null)) x order by x),
               app_ids   = array(select distinct x from unnest(app_ids || array_remove(array[$6::text], null)) x order by x),
               run_ids   = array(select distinct x from unnest(run_ids || array_remove(array[$7::text], null)) x order by x)
         where project_id = $1 and owner_kind = $2 and owner_id = $3 and id = $4
        """;

    private const string CloseMemory = """
        update memories
           set version = version + 1, status = 'closed', valid_to = $5, updated_at = $5, superseded_by = $6
         where project_id = $1 and owner_kind = $2 and owner_id = $3 and id = $4
        """;

    // What was a mistake was true at no time.
    private const string EndVersion = """
        update memory_versions
           set known_to = coalesce($8, now()), superseded_by = $7,
               valid_to = case when $9 then least(valid_from, said_at) else coalesce(valid_to, $6) end
         where project_id = $1 and owner_kind = $2 and owner_id = $3 and memory_id = $4 and version = $5
        """;

    private const string InsertVersion = """
        insert into memory_versions (project_id, owner_kind, owner_id, memory_id, version, change, kind, attribute, content,
                                     importance, confidence, trusted, reason, valid_from, known_from, source, source_seqs,
                                     event_id, actor, model, prompt_hash, content_hash, stage, said_at, decided_by, expires_on)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, coalesce($15, now()), $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26)
        """;

    private const string RetireVectors = """
        update memory_vectors
           set current = false
         where project_id = $1 and owner_kind = $2 and owner_id = $3 and memory_id = $4 and current
        """;

    private const string InsertVector = """
        insert into memory_vectors (project_id, owner_kind, owner_id, memory_id, version, current, model, embedding, signs)
        values ($1, $2, $3, $4, $5, true, $6, $7, $8)
        """;

    internal IEnumerable<Sql<bool>> For(PlannedWrite write) => write.Operation switch
    {
        MemoryOperation.Add add => Add(add, write),
        MemoryOperation.Update update => Update(update, write),
        MemoryOperation.Delete delete => Delete(delete, write),
        MemoryOperation.Conflict { IsReopened: true } conflict => [ConflictLog.Reopened(lane, conflict.One, conflict.Other)],
        MemoryOperation.Conflict conflict =>
        [
            ConflictLog.Opened(lane, conflict.One, conflict.Other, write.Event.Value, authorship.KnownAt),
            Evidence.Contradicted(lane, conflict.One, conflict.Other, Testimony(write)),
        ],
        MemoryOperation.Settle settle =>
        [
            ConflictLog.Settled(lane, settle.One, settle.Other, authorship.Actor, write.Event.Value, authorship.KnownAt),
            .. settle.Undoes is { } undone ? [Evidence.Withdrawn(lane, settle.One, settle.Other, undone.Value)] : (Sql<bool>[])[],
        ],
        MemoryOperation.Judge judge =>
        [
            Feedback.Withdrawn(lane, judge.Target, authorship.Actor, authorship.KnownAt),
            .. judge.Verdict is { } verdict
                ? [Feedback.Given(lane, judge.Target, new Judgement(judge.Id, authorship.Actor, verdict, judge.Note), Testimony(write))]
                : (Sql<bool>[])[],
        ],
        MemoryOperation.None { Target: { } known } none =>
        [
            Sql.Command(WidenScope, lane.Keys(known, none.Fact.AgentId, none.Fact.AppId, none.Fact.RunId)),
            .. none.IsRestated ? [Evidence.Restated(lane, known, Testimony(write))] : (Sql<bool>[])[],
        ],
        _ => [],
    };

    private Testimony Testimony(PlannedWrite write)
    {
        Fact fact = write.Operation.Fact;
        return new Testimony(fact.Source, fact.SourceSeqs, fact.At, fact.Confidence, write.Event.Value, authorship.KnownAt);
    }

    private List<Sql<bool>> Add(MemoryOperation.Add add, PlannedWrite write)
    {
        Fact fact = add.Fact;
        return
        [
            Sql.Command(InsertMemory, lane.Keys(add.Id, collection, fact.Kind, fact.Attribute, fact.Content, ContentHash.Of(fact.Content),
                (float)fact.Importance, (float)fact.Confidence, fact.Trusted, fact.Categories.ToArray(), new Jsonb(fact.Metadata),
                fact.AgentId, fact.AppId, fact.RunId, fact.ValidFrom, fact.ExpiresOn, fact.At, fact.Stage)),
            Version(add.Id, 1, "ADD", write),
            Vector(add.Id, 1, write),
            .. EntityStatements.For(lane, add.Id, fact, authorship.KnownAt),
        ];
    }

    private List<Sql<bool>> Update(MemoryOperation.Update update, PlannedWrite write)
    {
        Fact fact = update.Fact;
        MemoryId id = update.Target.Id;
        int version = update.Target.Version + 1;
        return
        [
            Sql.Command(EndVersion, lane.Keys(id, update.Target.Version, fact.ValidFrom ?? fact.At, id, authorship.KnownAt, fact.IsCorrection)),
            Sql.Command(UpdateMemory, lane.Keys(id, fact.Kind, fact.Attribute, fact.Content, ContentHash.Of(fact.Content),
                (float)fact.Importance, (float)fact.Confidence, fact.Trusted, new Jsonb(fact.Metadata),
                fact.AgentId, fact.AppId, fact.RunId, fact.ValidFrom, fact.ExpiresOn, fact.At, fact.Stage, fact.Categories.ToArray())),
            Version(id, version, "UPDATE", write),
            Sql.Command(RetireVectors, lane.Keys(id)),
            Vector(id, version, write),
            .. fact.Content == update.Target.Content ? [] : (List<Sql<bool>>)[EntityStatements.Retire(lane, id, fact.ValidFrom ?? fact.At, authorship.KnownAt), EntityStatements.Unlink(lane, id), .. EntityStatements.For(lane, id, fact, authorship.KnownAt)],
        ];
    }

    private List<Sql<bool>> Delete(MemoryOperation.Delete delete, PlannedWrite write)
    {
        MemoryId id = delete.Target.Id;
        return
        [
            Sql.Command(EndVersion, lane.Keys(id, delete.Target.Version, delete.Fact.At, delete.SupersededBy, authorship.KnownAt, delete.Fact.IsCorrection)),
            Sql.Command(CloseMemory, lane.Keys(id, delete.Fact.At, delete.SupersededBy)),
            ConflictLog.Closed(lane, id, authorship.Actor, write.Event.Value, authorship.KnownAt),
            Version(id, delete.Target.Version + 1, "DELETE", write),
            Sql.Command(RetireVectors, lane.Keys(id)),
            EntityStatements.Retire(lane, id, delete.Fact.At, authorship.KnownAt),
        ];
    }

    private Sql<bool> Version(MemoryId id, int version, string change, PlannedWrite write)
    {
        Fact fact = write.Operation.Fact;
        string content = write.Operation is MemoryOperation.Delete delete ? delete.Target.Content : fact.Content;
        return Sql.Command(InsertVersion, lane.Keys(id, version, change, fact.Kind, fact.Attribute, content,
            (float)fact.Importance, (float)fact.Confidence, fact.Trusted, write.Operation.Reason, fact.ValidFrom ?? fact.At,
            authorship.KnownAt, fact.Source, fact.SourceSeqs.ToArray(), write.Event.Value, authorship.Actor, authorship.Model, authorship.PromptHash, ContentHash.Of(content), fact.Stage,
            fact.At, authorship.DecidedBy, fact.ExpiresOn));
    }

    private Sql<bool> Vector(MemoryId id, int version, PlannedWrite write)
    {
        ReadOnlyMemory<float> vector = write.Vector
            ?? throw new InvalidOperationException("An ADD or UPDATE was planned without the vector of its text.");
        space.Check(vector.Span);
        return Sql.Command(InsertVector, lane.Keys(id, version, space.Model, ToHalf(vector.Span), RotatedSigns.Of(vector.Span)));
    }

    internal static HalfVector ToHalf(ReadOnlySpan<float> vector)
    {
        var half = new Half[vector.Length];
        for (var i = 0; i < half.Length; i++)
            half[i] = (Half)vector[i];
        return new HalfVector(half);
    }
}
