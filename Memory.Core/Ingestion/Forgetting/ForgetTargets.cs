using Memory.Core.Episodic;
using Memory.Core.Lanes;
using Memory.Core.LongTerm;
using Memory.Core.Storage;
using Npgsql;

namespace Memory.Core.Ingestion.Forgetting;

/// <summary>A version of a memory that a wish to forget is about.</summary>
/// <param name="IsWhole">It is what the memory says, or said last: all of it goes. Else only this version does.</param>
/// <param name="Seqs">The episodes it came from.</param>
public sealed record ForgetTarget(MemoryId Memory, int Version, bool IsWhole, string Content, string? Attribute, string Kind, IReadOnlyList<long> Seqs);

/// <summary>Finds by words alone what a wish to forget is about: by the name of an entity, or by what is said of it.</summary>
internal static class ForgetTargets
{
    private const string Columns = "v.memory_id, v.version, v.content = m.content, v.content, v.attribute, v.kind, v.source_seqs";

    private const string Versions = """
          from memory_versions v
          join memories m
            on m.project_id = v.project_id and m.owner_kind = v.owner_kind and m.owner_id = v.owner_id and m.id = v.memory_id
         where v.project_id = $1 and v.owner_kind = $2 and v.owner_id = $3
           and ($4::bigint is null or cardinality(v.source_seqs) = 0 or $4 >= all (v.source_seqs))
        """;

    // Every word that says something must be there, in the memory or in what it is about; a wish of no such word finds nothing.
    private const string ByWords = $"""
        select {Columns}
        {Versions}
           and numnode(plainto_tsquery('english', $5)) > 0
           and to_tsvector('english', v.content || ' ' || coalesce(v.attribute, '')) @@ plainto_tsquery('english', $5)
           and (not $6 or v.content !~ '^\S+''s ')
         order by v.memory_id, v.version
        """;

    private const string ByAttribute = $"""
        select {Columns}
        {Versions}
           and v.attribute = any ($5)
         order by v.memory_id, v.version
        """;

    private const string ByNames = $"""
        select {Columns}
        {Versions}
           and (exists (select from unnest($5::text[]) n
                         where numnode(phraseto_tsquery('simple', n)) > 0 and to_tsvector('simple', v.content) @@ phraseto_tsquery('simple', n))
                or (v.version = m.version
                    and exists (select
                                  from memory_entities me
                                  join entities e
                                    on e.project_id = me.project_id and e.owner_kind = me.owner_kind and e.owner_id = me.owner_id and e.id = me.entity_id
                                 where me.project_id = m.project_id and me.owner_kind = m.owner_kind and me.owner_id = m.owner_id
                                   and me.memory_id = m.id and (e.name_key = any ($6) or e.alias_keys && $6))))
         order by v.memory_id, v.version
        """;

    // "Forget what I just told you": what the message before it in the same conversation gave.
    private const string OfMessageBefore = $"""
        select {Columns}
        {Versions}
           and v.kind <> 'summary'
           and exists (select
                         from (select e.seq
                                 from episodes e
                                 join episodes w
                                   on w.project_id = e.project_id and w.owner_kind = e.owner_kind and w.owner_id = e.owner_id
                                  and w.seq = $4 and w.run_id is not distinct from e.run_id
                                where e.project_id = $1 and e.owner_kind = $2 and e.owner_id = $3 and e.seq < $4 and e.role = 'user'
                                order by e.seq desc
                                limit 1) b
                        where b.seq = any (v.source_seqs))
         order by v.memory_id, v.version
        """;

    private const string ReadNames = """
        select name, aliases, name_key, alias_keys
          from entities
         where project_id = $1 and owner_kind = $2 and owner_id = $3 and (name_key = $4 or $4 = any (alias_keys))
        """;

    // Of one piece: a lane is held no longer than they take. Of what a wish took a sentence from the others are left.
    private const string ReadStillSaid = $"""
        select seq
          from episodes
         where project_id = $1 and owner_kind = $2 and owner_id = $3 and content <> '{Tombstone.Text}'
           and ($4::text is null or agent_id = $4) and ($5::text is null or app_id = $5) and ($6::text is null or run_id = $6)
         order by seq
         limit 500
        """;

    private static readonly HashSet<string> s_pointing = ["it", "that", "this", "what i just said", "what i said", "what i just told you", "the last message", "my last message"];

    // What people ask about in the first person, and the slots that tell it.
    private static readonly Dictionary<string, string[]> s_slots = new(StringComparer.Ordinal)
    {
        ["where i live"] = ["home", "address"], ["where i am living"] = ["home", "address"], ["home address"] = ["home", "address"],
        ["where i work"] = ["job", "employer"], ["what i do"] = ["job", "occupation"], ["what i do for a living"] = ["job", "occupation"], ["job"] = ["job", "occupation", "employer", "job title"],
        ["who i am"] = ["name"], ["how old i am"] = ["age"], ["when i was born"] = ["birthday", "birth year", "year of birth"], ["how much i weigh"] = ["weight"], ["how tall i am"] = ["height"],
    };

    /// <summary>Whether a wish only points back: then the message before is meant.</summary>
    internal static bool PointsBack(string about) => s_pointing.Contains(ContentHash.Normalize(about));

    /// <param name="names">All the names of the entity it is about; none where it is about something else.</param>
    /// <param name="seq">Of the wish: what was said after it is not meant; null: it was no message, and everything is.</param>
    internal static Sql<ForgetTarget> Of(Lane lane, ForgetRequest wish, IReadOnlyCollection<string> names, long? seq)
    {
        string about = ContentHash.Normalize(wish.About);
        return names.Count > 0 ? Find(ByNames, names.ToArray(), names.Select(ContentHash.Normalize).ToArray())
            : seq is not null && s_pointing.Contains(about) ? Find(OfMessageBefore)
            : s_slots.TryGetValue(about, out string[]? slots) ? Find(ByAttribute, [slots])
            // What I am or do is not what is said of my sister.
            : Find(ByWords, wish.About, about.Split(' ').Contains("i"));

        Sql<ForgetTarget> Find(string statement, params object[] rest) => new(statement, Map, lane.Keys([seq, .. rest]));
    }

    /// <summary>The first of what was said, distilled or not, and is meant by a wish that all goes.</summary>
    internal static Sql<long> StillSaid(Lane lane, Fact wish) =>
        new(ReadStillSaid, row => row.GetInt64(0), lane.Keys(wish.AgentId, wish.AppId, wish.RunId));

    /// <summary>Those that are known, and the one that was said.</summary>
    internal static string[] AllNames(IEnumerable<IReadOnlyList<string>> known, string said) =>
        [.. known.SelectMany(names => names).Append(said).Distinct(StringComparer.OrdinalIgnoreCase)];

    /// <summary>The names that an entity of the owner goes by, if it has one of that name.</summary>
    internal static Sql<IReadOnlyList<string>> NamesOf(Lane lane, string name) => new(
        ReadNames,
        row => [row.GetString(0), row.GetString(2), .. row.GetFieldValue<string[]>(1), .. row.GetFieldValue<string[]>(3)],
        lane.Keys(ContentHash.Normalize(name)));

    private static ForgetTarget Map(NpgsqlDataReader row) => new(
        new MemoryId(row.GetGuid(0)), row.GetInt32(1), row.GetBoolean(2), row.GetString(3), row.IsDBNull(4) ? null : row.GetString(4),
        row.GetString(5), row.GetFieldValue<long[]>(6));
}
