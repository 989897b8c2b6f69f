using System.Text.Json;
using Memory.Core.Lanes;
using Memory.Core.Storage;
using Npgsql;

namespace Memory.Core.LongTerm;

/// <summary>An operation that was carried out.</summary>
/// <param name="Ordinal">1, 2, 3, … of its owner.</param>
/// <param name="By">Who decided it, and when.</param>
public sealed record JournalEntry(long Ordinal, EventId Event, Authorship By, MemoryOperation Operation);

/// <summary>
/// Every operation that changed an owner's memory, in order: replayed, they give the same memory again. What was forgotten
/// is in it no more.
/// </summary>
public sealed class Journal(MemoryDb db)
{
    private const int PageSize = 500;

    // Under the lane's lock, so no two get the same number.
    private const string Insert = """
        insert into journal (project_id, owner_kind, owner_id, ordinal, event_id, memories, actor, model, prompt_hash, decided_by, payload)
        select $1, $2, $3, 1 + coalesce(max(ordinal), 0), $4, $5, $6, $7, $8, $9, $10
          from journal
         where project_id = $1 and owner_kind = $2 and owner_id = $3
        """;

    private const string ReadPage = """
        select ordinal, event_id, applied_at, actor, model, prompt_hash, decided_by, payload
          from journal
         where project_id = $1 and owner_kind = $2 and owner_id = $3 and ordinal > $4
         order by ordinal
         limit $5
        """;

    private const string ReadMade = """
        select payload
          from journal
         where project_id = $1 and owner_kind = $2 and owner_id = $3 and event_id = $4 and memories @> array[$5]
         order by ordinal
        """;

    private const string ReadOf = """
        select j.ordinal, j.payload
          from journal j
         where j.project_id = $1 and j.owner_kind = $2 and j.owner_id = $3
           and (j.memories && $4
                or exists (select from events e
                            where e.project_id = $1 and e.owner_kind = $2 and e.owner_id = $3 and e.id = j.event_id
                              and exists (select from unnest($5::bigint[]) s where s between e.first_seq and e.last_seq)))
        """;

    private const string Rewrite = """
        update journal
           set payload = $5
         where project_id = $1 and owner_kind = $2 and owner_id = $3 and ordinal = $4
        """;

    /// <summary>Whether replaying would change anything; forgetting leaves nothing to replay.</summary>
    internal static bool IsKept(MemoryOperation operation) =>
        operation is not (MemoryOperation.Forget or MemoryOperation.None { Target: null });

    internal static Sql<bool> Entry(Lane lane, Authorship by, PlannedWrite write) => Sql.Command(
        Insert, lane.Keys(write.Event, Concerned(write.Operation), by.Actor, by.Model, by.PromptHash, by.DecidedBy, ToPayload(write.Operation)));

    internal static byte[] ToPayload(MemoryOperation operation) => JsonSerializer.SerializeToUtf8Bytes(operation);

    internal static MemoryOperation Read(byte[] payload) => JsonSerializer.Deserialize<MemoryOperation>(payload)!;

    /// <summary>All of an owner's, in order.</summary>
    public async IAsyncEnumerable<JournalEntry> ReadAsync(Lane lane, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        long after = 0;
        while (true)
        {
            List<JournalEntry> page = await db.QueryAsync(lane.Project, new Sql<JournalEntry>(ReadPage, Map, lane.Keys(after, PageSize)), cancellationToken);
            foreach (JournalEntry entry in page)
                yield return entry;
            if (page.Count < PageSize)
                yield break;
            after = page[^1].Ordinal;
        }
    }

    /// <summary>The fact that a version of a memory was made of, entities and relations included.</summary>
    /// <returns>Null: it is older than the journal.</returns>
    public async Task<Fact?> FactOfAsync(Lane lane, MemoryId memory, int version, EventId made, CancellationToken cancellationToken) =>
        (await db.QueryAsync(lane.Project, new Sql<MemoryOperation>(ReadMade, row => Read(row.GetFieldValue<byte[]>(0)), lane.Keys(made, memory)), cancellationToken))
            .Select(operation => operation switch
            {
                MemoryOperation.Add add when add.Id == memory && version == 1 => add.Fact,
                MemoryOperation.Update update when update.Target.Id == memory && update.Target.Version + 1 == version => update.Fact,
                _ => null,
            })
            .FirstOrDefault(fact => fact is not null);

    /// <summary>What stands for a forgotten text; another for each memory, since no two active ones say the same.</summary>
    internal static string TombstoneOf(MemoryId memory) => Episodic.Tombstone.Of(memory);

    /// <summary>Takes forgotten words out of what was carried out on memories that stay.</summary>
    /// <param name="seqs">Episodes that lost words: what their events did is looked at.</param>
    /// <param name="memories">And what was done to these.</param>
    /// <param name="isForgotten">Whether a text tells what is forgotten.</param>
    internal static async Task ScrubAsync(
        MemoryTransaction transaction, Lane lane, long[] seqs, Guid[] memories, Func<string, bool> isForgotten, CancellationToken cancellationToken)
    {
        List<(long Ordinal, byte[] Payload)> entries = await transaction.QueryAsync(
            new Sql<(long, byte[])>(ReadOf, row => (row.GetInt64(0), row.GetFieldValue<byte[]>(1)), lane.Keys(memories, seqs)), cancellationToken);
        var scrub = new JournalScrub(isForgotten);
        await transaction.ExecuteAsync(
            [.. entries.Select(entry => Sql.Command(Rewrite, lane.Keys(entry.Ordinal, ToPayload(scrub.Of(Read(entry.Payload))))))], cancellationToken);
    }

    private static Guid[] Concerned(MemoryOperation operation) => operation switch
    {
        MemoryOperation.Add add => [add.Id.Value],
        MemoryOperation.Update update => [update.Target.Id.Value],
        MemoryOperation.Delete delete => [delete.Target.Id.Value],
        MemoryOperation.Conflict conflict => [conflict.One.Value, conflict.Other.Value],
        MemoryOperation.Settle settle => [settle.One.Value, settle.Other.Value],
        MemoryOperation.None { Target: { } target } => [target.Value],
        MemoryOperation.Judge judge => [judge.Target.Value],
        _ => [],
    };

    private static JournalEntry Map(NpgsqlDataReader row) => new(
        row.GetInt64(0), new EventId(row.GetGuid(1)),
        new Authorship(row.GetString(3), row.GetString(4), row.IsDBNull(5) ? null : row.GetString(5))
        {
            DecidedBy = row.IsDBNull(6) ? null : row.GetString(6),
            KnownAt = row.GetFieldValue<DateTimeOffset>(2),
        },
        Read(row.GetFieldValue<byte[]>(7)));
}
