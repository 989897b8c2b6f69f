using Npgsql;

namespace Memory.Core.LongTerm;

/// <summary>The current state of one memory.</summary>
/// <param name="Version">1, 2, 3, …; every change adds one.</param>
/// <param name="ContentHash">SHA-256 of the normalised text, lower-case hex: equal for exact duplicates.</param>
/// <param name="SourceSeqs">The episodes its current version was distilled from.</param>
public sealed record MemoryRecord(
    MemoryId Id, Owner Owner, string Collection, int Version, string Kind, string? Attribute, string Content, string ContentHash,
    double Importance, double Confidence, bool Trusted, IReadOnlyList<string> Categories, string? Metadata,
    IReadOnlyList<string> AgentIds, IReadOnlyList<string> AppIds, IReadOnlyList<string> RunIds,
    DateTimeOffset? ValidFrom, DateOnly? ExpiresOn, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, IReadOnlyList<long> SourceSeqs)
{
    /// <summary>Of progress, how far it has come; else null.</summary>
    public string? Stage { get; init; }

    /// <summary>False: it was closed, and is only part of the history.</summary>
    public bool IsActive { get; init; } = true;

    /// <summary>Whether its last day is over; it is then found no more, but not gone.</summary>
    public bool HasExpired(DateTimeOffset now) => ExpiresOn < DateOnly.FromDateTime(now.UtcDateTime);

    /// <summary>Whether it is within a scope of its owner: further ids narrow.</summary>
    public bool IsIn(MemoryScope scope) =>
        (scope.AgentId is null || Owner.Kind == OwnerKind.Agent || AgentIds.Contains(scope.AgentId))
        && (scope.AppId is null || Owner.Kind == OwnerKind.App || AppIds.Contains(scope.AppId))
        && (scope.RunId is null || Owner.Kind == OwnerKind.Run || RunIds.Contains(scope.RunId));

    /// <summary>What it says, as a fact again.</summary>
    /// <param name="source">user, assistant, tool, document, import or api.</param>
    public Fact ToFact(string source, DateTimeOffset at) => new(
        Content, Kind, Attribute, Importance, Confidence, Trusted, source, SourceSeqs, at, ValidFrom)
    {
        ExpiresOn = ExpiresOn,
        Stage = Stage,
        Metadata = Metadata,
        Categories = Categories,
    };

    /// <summary>The columns <see cref="Read"/> expects, of <c>memories m</c> joined with its current <c>memory_versions v</c>.</summary>
    internal const string Columns = """
        m.id, m.owner_kind, m.owner_id, m.collection, m.version, m.kind, m.attribute, m.content, encode(m.content_hash, 'hex'),
        m.importance, m.confidence, m.trusted, m.categories, m.metadata::text, m.agent_ids, m.app_ids, m.run_ids,
        m.valid_from, m.expires_on, m.created_at, m.updated_at, v.source_seqs,
        m.stage, m.status = 'active'
        """;

    internal const int ColumnCount = 24;

    /// <summary>The join that gives <c>v</c>.</summary>
    internal const string CurrentVersion = """
        join memory_versions v
          on v.project_id = m.project_id and v.owner_kind = m.owner_kind and v.owner_id = m.owner_id
         and v.memory_id = m.id and v.version = m.version
        """;

    internal static MemoryRecord Read(NpgsqlDataReader row) => new(
        new MemoryId(row.GetGuid(0)), new Owner(Owner.ParseKind(row.GetString(1)), row.GetString(2)), row.GetString(3), row.GetInt32(4),
        row.GetString(5), row.IsDBNull(6) ? null : row.GetString(6), row.GetString(7), row.GetString(8),
        row.GetFloat(9), row.GetFloat(10), row.GetBoolean(11), row.GetFieldValue<string[]>(12), row.IsDBNull(13) ? null : row.GetString(13),
        row.GetFieldValue<string[]>(14), row.GetFieldValue<string[]>(15), row.GetFieldValue<string[]>(16),
        row.IsDBNull(17) ? null : row.GetFieldValue<DateTimeOffset>(17), row.IsDBNull(18) ? null : row.GetFieldValue<DateOnly>(18),
        row.GetFieldValue<DateTimeOffset>(19), row.GetFieldValue<DateTimeOffset>(20), row.GetFieldValue<long[]>(21))
    {
        Stage = row.IsDBNull(22) ? null : row.GetString(22),
        IsActive = row.GetBoolean(23),
    };
}
