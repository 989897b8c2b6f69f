using Memory.Core.Lanes;
using Memory.Core.Storage;

namespace Memory.Core.LongTerm.Entities;

/// <summary>
/// The statements that keep entities and relations in step with the memory they come from. An entity is one of its owner's
/// that has the name, or had it as an alias; what becomes known of it later is added.
/// </summary>
internal static class EntityStatements
{
    private const string EnsureEntity = """
        insert into entities (project_id, owner_kind, owner_id, id, kind, name, name_key)
        select $1, $2, $3, $5, $6, $7, $4
         where not exists (select from entities e
                            where e.project_id = $1 and e.owner_kind = $2 and e.owner_id = $3
                              and (e.name_key = $4 or $4 = any (e.alias_keys) or e.name_key = any ($8)))
        on conflict (project_id, owner_kind, owner_id, name_key) do nothing
        """;

    // A thing may turn out to be a person; every other kind stays what it was first.
    private const string EnrichEntity = """
        update entities e
           set kind = case e.kind when 'thing' then $5 else e.kind end,
               aliases = e.aliases || array(select n from unnest($6::text[], $7::text[]) as t (n, k)
                                             where k <> e.name_key and k <> all (e.alias_keys)),
               alias_keys = e.alias_keys || array(select distinct k from unnest($7::text[]) k where k <> e.name_key and k <> all (e.alias_keys))
         where e.project_id = $1 and e.owner_kind = $2 and e.owner_id = $3
           and (e.name_key = $4 or $4 = any (e.alias_keys) or e.name_key = any ($7))
           and (e.kind = 'thing' or cardinality($7::text[]) > 1)
        """;

    private const string LinkMemory = """
        insert into memory_entities (project_id, owner_kind, owner_id, memory_id, entity_id)
        select e.project_id, e.owner_kind, e.owner_id, $5, e.id
          from entities e
         where e.project_id = $1 and e.owner_kind = $2 and e.owner_id = $3 and (e.name_key = $4 or $4 = any (e.alias_keys))
        on conflict do nothing
        """;

    private const string InsertRelation = """
        insert into relations (project_id, owner_kind, owner_id, id, subject_id, predicate, object_id, memory_id, confidence, valid_from, known_from)
        select e.project_id, e.owner_kind, e.owner_id, $5, s.id, $6, e.id, $7, $8, $9, coalesce($10, now())
          from entities e
          left join entities s
            on s.project_id = e.project_id and s.owner_kind = e.owner_kind and s.owner_id = e.owner_id
           and (s.name_key = $11 or $11 = any (s.alias_keys))
         where e.project_id = $1 and e.owner_kind = $2 and e.owner_id = $3 and (e.name_key = $4 or $4 = any (e.alias_keys))
           and ($11::text is null or s.id is not null)
         limit 1
        on conflict (project_id, owner_kind, owner_id, subject_id, predicate, object_id) where known_to is null do nothing
        """;

    private const string UnlinkMemory = """
        delete from memory_entities
         where project_id = $1 and owner_kind = $2 and owner_id = $3 and memory_id = $4
        """;

    private const string RetireRelations = """
        update relations
           set known_to = coalesce($6, now()), valid_to = coalesce(valid_to, $5)
         where project_id = $1 and owner_kind = $2 and owner_id = $3 and memory_id = $4 and known_to is null
        """;

    // There is one manager at a time, whichever memory spoke of the one before.
    private const string RetireOthers = """
        update relations r
           set known_to = coalesce($6, now()), valid_to = coalesce(r.valid_to, $7)
         where r.project_id = $1 and r.owner_kind = $2 and r.owner_id = $3 and r.predicate = $5 and r.known_to is null
           and r.object_id not in (select e.id
                                     from entities e
                                    where e.project_id = $1 and e.owner_kind = $2 and e.owner_id = $3 and (e.name_key = $4 or $4 = any (e.alias_keys)))
           and r.subject_id is not distinct from (select s.id
                                                    from entities s
                                                   where s.project_id = $1 and s.owner_kind = $2 and s.owner_id = $3
                                                     and (s.name_key = $8 or $8 = any (s.alias_keys))
                                                   limit 1)
        """;

    internal static IEnumerable<Sql<bool>> For(Lane lane, MemoryId memory, Fact fact, DateTimeOffset? knownAt)
    {
        foreach (NamedEntity entity in Named(fact))
        {
            string key = Key(entity.Name);
            // What was merely read makes nobody out to be somebody else.
            string[] names = [entity.Name, .. fact.Trusted ? entity.Aliases.Where(IsName) : []];
            string[] keys = [.. names.Select(Key)];
            yield return Sql.Command(EnsureEntity, lane.Keys(key, Guid.CreateVersion7(), entity.Kind, entity.Name, keys));
            yield return Sql.Command(EnrichEntity, lane.Keys(key, entity.Kind, names, keys));
            yield return Sql.Command(LinkMemory, lane.Keys(key, memory));
        }

        DateTimeOffset since = fact.ValidFrom ?? fact.At;
        foreach (NamedRelation relation in fact.Relations)
        {
            string key = Key(relation.Entity.Name);
            string? subject = relation.Subject is null ? null : Key(relation.Subject.Name);
            if (relation.IsSingle)
                yield return Sql.Command(RetireOthers, lane.Keys(key, relation.Predicate, knownAt, since, subject));
            yield return Sql.Command(InsertRelation, lane.Keys(
                key, Guid.CreateVersion7(), relation.Predicate, memory, (float)fact.Confidence, since, knownAt, subject));
        }
    }

    /// <summary>The memory says something else now: it no longer speaks of whom it spoke of.</summary>
    internal static Sql<bool> Unlink(Lane lane, MemoryId memory) => Sql.Command(UnlinkMemory, lane.Keys(memory));

    /// <summary>What the memory said of relations holds no longer.</summary>
    internal static Sql<bool> Retire(Lane lane, MemoryId memory, DateTimeOffset at, DateTimeOffset? knownAt) =>
        Sql.Command(RetireRelations, lane.Keys(memory, at, knownAt));

    /// <summary>What names are compared by.</summary>
    internal static string Key(string name) => ContentHash.Normalize(name);

    private static IEnumerable<NamedEntity> Named(Fact fact) => fact.Entities
        .Concat(fact.Relations.Select(relation => relation.Entity))
        .Concat(fact.Relations.Select(relation => relation.Subject).OfType<NamedEntity>())
        .Where(entity => IsName(entity.Name))
        .DistinctBy(entity => Key(entity.Name));

    private static bool IsName(string name) => Key(name) is { Length: > 1 } key and not ("user" or "me" or "myself" or "assistant" or "you");
}
