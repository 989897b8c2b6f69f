using Memory.Core.Lanes;
using Memory.Core.Storage;
using Npgsql;

namespace Memory.Core.History;

/// <summary>Everything ever believed of a memory: nothing is overwritten, so it can all be read back.</summary>
public sealed class VersionLog(MemoryDb db)
{
    private const string ReadAll = """
        select memory_id, version, change, kind, content, confidence, trusted, reason,
               valid_from, valid_to, known_from, known_to, source, source_seqs, event_id, model,
               attribute, importance, stage, expires_on, said_at, superseded_by, actor, prompt_hash, decided_by
          from memory_versions
         where project_id = $1 and owner_kind = $2 and owner_id = $3 and memory_id = any ($4)
         order by memory_id, version
        """;

    private const string ReadEvidence = """
        select kind, source, source_seqs, event_id, said_at, known_from, before, after
          from memory_evidence
         where project_id = $1 and owner_kind = $2 and owner_id = $3 and memory_id = $4
         order by known_from, said_at, id
        """;

    private const string ReadKnown = """
        select memory_id, content_hash, known_to is null and change <> 'DELETE', known_to
          from memory_versions
         where project_id = $1 and owner_kind = $2 and owner_id = $3
           and (content_hash = any ($4) or memory_id = any ($5))
        """;

    /// <summary>A memory's versions, oldest first; empty when the owner has no such memory.</summary>
    public Task<List<MemoryVersion>> ReadAsync(Lane lane, MemoryId memory, CancellationToken cancellationToken) =>
        ReadAsync(lane, [memory], cancellationToken);

    /// <summary>Some memories' versions, each memory's together and oldest first.</summary>
    public Task<List<MemoryVersion>> ReadAsync(Lane lane, IReadOnlyCollection<MemoryId> memories, CancellationToken cancellationToken) =>
        db.QueryAsync(
            lane.Project, new Sql<MemoryVersion>(ReadAll, Map, lane.Keys(memories.Select(memory => memory.Value).ToArray())), cancellationToken);

    /// <summary>When a memory was said once more, or against, in the order we learned it.</summary>
    public Task<List<MemoryEvidence>> EvidenceAsync(Lane lane, MemoryId memory, CancellationToken cancellationToken) =>
        db.QueryAsync(
            lane.Project,
            new Sql<MemoryEvidence>(
                ReadEvidence,
                row => new MemoryEvidence(
                    row.GetString(0), row.GetString(1), row.GetFieldValue<long[]>(2), row.GetGuid(3), row.GetFieldValue<DateTimeOffset>(4),
                    row.GetFieldValue<DateTimeOffset>(5), row.GetFloat(6), row.GetFloat(7)),
                lane.Keys(memory)),
            cancellationToken);

    /// <summary>Which of some texts and ids are, or once were, the owner's memories.</summary>
    /// <param name="hashes">SHA-256 each, of the normalised text.</param>
    public Task<List<KnownText>> KnownAsync(Lane lane, IReadOnlyCollection<byte[]> hashes, IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken) =>
        db.QueryAsync(
            lane.Project,
            new Sql<KnownText>(
                ReadKnown,
                row => new KnownText(new MemoryId(row.GetGuid(0)), row.IsDBNull(1) ? "" : Convert.ToHexStringLower(row.GetFieldValue<byte[]>(1)), row.GetBoolean(2), Time(row, 3)),
                lane.Keys(hashes.ToArray(), ids.ToArray())),
            cancellationToken);

    private static MemoryVersion Map(NpgsqlDataReader row) => new(
        new MemoryId(row.GetGuid(0)), row.GetInt32(1), row.GetString(2), row.GetString(3), row.GetString(4),
        row.GetFloat(5), row.GetBoolean(6), row.GetString(7), Time(row, 8), Time(row, 9),
        row.GetFieldValue<DateTimeOffset>(10), Time(row, 11), row.GetString(12), row.GetFieldValue<long[]>(13),
        row.IsDBNull(14) ? null : row.GetGuid(14), row.GetString(15))
    {
        Attribute = Text(row, 16),
        Importance = row.GetFloat(17),
        Stage = Text(row, 18),
        ExpiresOn = row.IsDBNull(19) ? null : row.GetFieldValue<DateOnly>(19),
        SaidAt = row.GetFieldValue<DateTimeOffset>(20),
        SupersededBy = row.IsDBNull(21) ? null : new MemoryId(row.GetGuid(21)),
        Actor = row.GetString(22),
        PromptHash = Text(row, 23),
        DecidedBy = Text(row, 24),
    };

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static DateTimeOffset? Time(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);
}
