using Memory.Testing;

namespace Memory.Bench.Scenarios;

/// <summary>Reads what is remembered of one owner from the private database: the API serves only what holds.</summary>
internal sealed class SnapshotReader(TestDatabase database)
{
    // A closed memory's last version only says that it was closed; what it said is the one before.
    private const string Versions = """
        select m.id::text, m.version - (m.status = 'closed')::int, v.version, m.status, m.superseded_by::text, v.content, v.kind,
               to_char(case when v.version = m.version then m.valid_from else v.valid_from end at time zone 'utc', 'YYYY-MM-DD'), v.trusted
          from memories m
          join memory_versions v on v.project_id = m.project_id and v.owner_kind = m.owner_kind and v.owner_id = m.owner_id and v.memory_id = m.id
         where m.owner_kind = 'user' and m.owner_id = $1 and v.change <> 'DELETE'
         order by m.created_at, m.id, v.version
        """;

    private const string Conflicts = "select memory_a::text, memory_b::text from conflicts where owner_kind = 'user' and owner_id = $1 and resolved_at is null";

    private const string Entities = "select name, kind from entities where owner_kind = 'user' and owner_id = $1 order by created_at, id";

    private const string Relations = """
        select coalesce(s.name, 'user'), r.predicate, o.name, r.known_to is null
          from relations r
          join entities o on o.project_id = r.project_id and o.owner_kind = r.owner_kind and o.owner_id = r.owner_id and o.id = r.object_id
          left join entities s on s.project_id = r.project_id and s.owner_kind = r.owner_kind and s.owner_id = r.owner_id and s.id = r.subject_id
         where r.owner_kind = 'user' and r.owner_id = $1
         order by r.known_from, r.id
        """;

    private const string Progress = """
        select m.attribute, m.stage
          from memories m
         where m.owner_kind = 'user' and m.owner_id = $1 and m.status = 'active' and m.stage is not null and m.attribute is not null
         order by m.created_at, m.id
        """;

    private const string ProgressOf = "progress of ";

    internal async Task<IReadOnlyList<SnapshotMemory>> MemoriesAsync(string owner, string user)
    {
        List<(string A, string B)> conflicts = await database.ListAsync(Conflicts, row => (row.GetString(0), row.GetString(1)), owner);
        return await database.ListAsync(Versions, row => Entry(
            user, row.GetString(0), row.GetInt32(1), row.GetInt32(2), row.GetString(3) == "active", Text(row, 4), row.GetString(5), row.GetString(6), Text(row, 7), row.GetBoolean(8), conflicts), owner);
    }

    internal Task<List<SnapshotEntity>> EntitiesAsync(string owner, string user) =>
        database.ListAsync(Entities, row => new SnapshotEntity(user, row.GetString(0), row.GetString(1)), owner);

    internal Task<List<SnapshotRelation>> RelationsAsync(string owner, string user) => database.ListAsync(
        Relations, row => new SnapshotRelation(user, row.GetString(0), row.GetString(1), row.GetString(2), row.GetBoolean(3) ? "active" : "superseded"), owner);

    internal Task<List<SnapshotProgress>> ProgressAsync(string owner, string user) => database.ListAsync(
        Progress, row => new SnapshotProgress(user, row.GetString(0).Replace(ProgressOf, "", StringComparison.Ordinal), row.GetString(1)), owner);

    private static SnapshotMemory Entry(
        string user, string memory, int newest, int version, bool isActive, string? supersededBy, string text, string kind, string? date, bool trusted,
        List<(string A, string B)> conflicts)
    {
        bool isNewest = version == newest;
        string[] others = isNewest && isActive
            ? [.. conflicts.Where(pair => pair.A == memory).Select(pair => pair.B), .. conflicts.Where(pair => pair.B == memory).Select(pair => pair.A)]
            : [];
        return new SnapshotMemory(
            IdOf(memory, version, newest), user, text, kind, isNewest && isActive ? "active" : "superseded",
            isNewest ? supersededBy : IdOf(memory, version + 1, newest), others.Length > 0 ? others : null, date, trusted);
    }

    private static string IdOf(string memory, int version, int newest) => version == newest ? memory : $"{memory}@{version}";

    private static string? Text(Npgsql.NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
