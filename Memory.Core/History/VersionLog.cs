using Memory.Core.Lanes;
using Memory.Core.Storage;
using Npgsql;

namespace Memory.Core.History;

/// <summary>Everything ever believed of a memory: nothing is overwritten, so it can all be read back.</summary>
public sealed class VersionLog(MemoryDb db)
{
    private const string ReadAll = """
        select memory_id, version, change, kind, content, confidence, trusted, reason,
               valid_from, valid_to, known_from, known_to, source, source_seqs, event_id, model
          from memory_versions
         where project_id = $1 and owner_kind = $2 and owner_id = $3 and memory_id = $4
         order by version
        """;

    private const string ReadKnown = """
        select memory_id, content_hash, known_to is null and change <> 'DELETE', known_to
          from memory_versions
         where project_id = $1 and owner_kind = $2 and owner_id = $3
           and (content_hash = any ($4) or memory_id = any ($5))
        """;

    /// <summary>A memory's versions, oldest first; empty when the owner has no such memory.</summary>
    public Task<List<MemoryVersion>> ReadAsync(Lane lane, MemoryId memory, CancellationToken cancellationToken) =>
        db.QueryAsync(lane.Project, new Sql<MemoryVersion>(ReadAll, Map, lane.Keys(memory)), cancellationToken);

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
        row.IsDBNull(14) ? null : row.GetGuid(14), row.GetString(15));

    private static DateTimeOffset? Time(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);
}
