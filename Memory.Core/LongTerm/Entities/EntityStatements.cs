using Memory.Core.Lanes;
using Memory.Core.Storage;

namespace Memory.Core.LongTerm.Entities;

/// <summary>The statements that keep entities and relations in step with the memory they come from.</summary>
internal static class EntityStatements
{
    private const string EnsureEntity = """
        insert into entities (project_id, owner_kind, owner_id, id, kind, name, name_key)
        values ($1, $2, $3, $4, $5, $6, $7)
        on conflict (project_id, owner_kind, owner_id, name_key) do nothing
        """;

    private const string LinkMemory = """
        insert into memory_entities (project_id, owner_kind, owner_id, memory_id, entity_id)
        select e.project_id, e.owner_kind, e.owner_id, $4, e.id
          from entities e
         where e.project_id = $1 and e.owner_kind = $2 and e.owner_id = $3 and e.name_key = $5
        on conflict do nothing
        """;

    private const string InsertRelation = """
        insert into relations (project_id, owner_kind, owner_id, id, predicate, object_id, memory_id, confidence, valid_from)
        select e.project_id, e.owner_kind, e.owner_id, $4, $5, e.id, $6, $7, $8
          from entities e
         where e.project_id = $1 and e.owner_kind = $2 and e.owner_id = $3 and e.name_key = $9
        on conflict (project_id, owner_kind, owner_id, subject_id, predicate, object_id) where known_to is null do nothing
        """;

    private const string RetireRelations = """
        update relations
           set known_to = now(), valid_to = coalesce(valid_to, $5)
         where project_id = $1 and owner_kind = $2 and owner_id = $3 and memory_id = $4 and known_to is null
        """;

    internal static IEnumerable<Sql<bool>> For(Lane lane, MemoryId memory, Fact fact)
    {
        foreach (NamedEntity entity in fact.Entities.Concat(fact.Relations.Select(relation => relation.Entity)).DistinctBy(entity => Key(entity.Name)))
        {
            yield return Sql.Command(EnsureEntity, lane.Keys(Guid.CreateVersion7(), entity.Kind, entity.Name, Key(entity.Name)));
            yield return Sql.Command(LinkMemory, lane.Keys(memory, Key(entity.Name)));
        }

        foreach (NamedRelation relation in fact.Relations)
        {
            yield return Sql.Command(InsertRelation, lane.Keys(Guid.CreateVersion7(), relation.Predicate, memory,
                (float)fact.Confidence, fact.ValidFrom ?? fact.At, Key(relation.Entity.Name)));
        }
    }

    /// <summary>What the memory said of relations holds no longer.</summary>
    internal static Sql<bool> Retire(Lane lane, MemoryId memory, DateTimeOffset at) =>
        Sql.Command(RetireRelations, lane.Keys(memory, at));

    /// <summary>What names are compared by.</summary>
    internal static string Key(string name) => ContentHash.Normalize(name);
}
