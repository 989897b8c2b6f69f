using Memory.Core.Lanes;
using Memory.Core.Storage;
using Npgsql;

namespace Memory.Core.History;

/// <summary>A message that a memory came from, as it was said.</summary>
/// <param name="Conversation">Null: of none.</param>
/// <param name="IsRedacted">Words of it were forgotten at a person's wish: the content says so in their place.</param>
public sealed record SourceMessage(
    long Seq, EpisodeId Id, string? Conversation, string Role, string? Name, string Content, DateTimeOffset OccurredAt, bool IsRedacted);

/// <summary>Where all that is, and was, believed of one memory comes from.</summary>
/// <param name="Versions">Oldest first.</param>
/// <param name="Evidence">When it was said once more, or against.</param>
/// <param name="Messages">What any of them names as a source, by its number.</param>
public sealed record MemoryOrigin(
    IReadOnlyList<MemoryVersion> Versions, IReadOnlyList<MemoryEvidence> Evidence, IReadOnlyDictionary<long, SourceMessage> Messages)
{
    /// <summary>The messages of some numbers, in the order they were said.</summary>
    public IReadOnlyList<SourceMessage> Of(IReadOnlyList<long> seqs) =>
        [.. seqs.Distinct().Order().Where(Messages.ContainsKey).Select(seq => Messages[seq])];
}

/// <summary>Traces a memory back to the words it came from.</summary>
public sealed class Provenance(MemoryDb db, VersionLog versions)
{
    private const string ReadSources = """
        select seq, id, run_id, role, name, content, occurred_at, redacted_at is not null
          from episodes
         where project_id = $1 and owner_kind = $2 and owner_id = $3 and seq = any ($4)
        """;

    public async Task<MemoryOrigin> ReadAsync(Lane lane, MemoryId memory, CancellationToken cancellationToken)
    {
        List<MemoryVersion> all = await versions.ReadAsync(lane, memory, cancellationToken);
        List<MemoryEvidence> evidence = await versions.EvidenceAsync(lane, memory, cancellationToken);
        long[] seqs = [.. all.SelectMany(version => version.SourceSeqs).Concat(evidence.SelectMany(one => one.Seqs)).Distinct()];
        List<SourceMessage> messages = seqs.Length == 0 ? []
            : await db.QueryAsync(lane.Project, new Sql<SourceMessage>(ReadSources, Map, lane.Keys(seqs)), cancellationToken);
        return new MemoryOrigin(all, evidence, messages.ToDictionary(message => message.Seq));
    }

    private static SourceMessage Map(NpgsqlDataReader row) => new(
        row.GetInt64(0), new EpisodeId(row.GetGuid(1)), row.IsDBNull(2) ? null : row.GetString(2), row.GetString(3),
        row.IsDBNull(4) ? null : row.GetString(4), row.GetString(5), row.GetFieldValue<DateTimeOffset>(6), row.GetBoolean(7));
}
