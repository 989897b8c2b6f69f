using System.Text.Json;
using Memory.Core.Episodic;
using Memory.Core.Lanes;
using Memory.Core.Storage;

namespace Memory.Core.Ingestion.Forgetting;

/// <summary>Takes words out of everything that was kept beside the memories: episodes, events, reasons, checkpoints and dead letters.</summary>
internal static class RedactedWords
{
    // What was said after the wish was said anew. Names are looked for as they stand: the index leaves out those that are common words.
    private const string ReadEpisodes = """
        with search as (
               select string_agg('(' || plainto_tsquery('english', q)::text || ')', ' | ')::tsquery as words
                 from unnest($5::text[]) q
                where numnode(plainto_tsquery('english', q)) > 0)
        select e.seq, e.content, e.run_id, e.seq = any ($4), e.role = 'assistant' and (e.seq - 1 = any ($4) or e.seq - 2 = any ($4)),
               exists (select
                         from memory_versions v
                        where v.project_id = $1 and v.owner_kind = $2 and v.owner_id = $3
                          and v.source_seqs @> array[e.seq] and v.memory_id <> all ($6) and v.kind <> 'summary')
          from episodes e, search s
         where e.project_id = $1 and e.owner_kind = $2 and e.owner_id = $3 and ($8::bigint is null or e.seq <= $8)
           and (e.seq = any ($4) or e.words @@ s.words
                or e.role = 'assistant' and (e.seq - 1 = any ($4) or e.seq - 2 = any ($4))
                or exists (select from unnest($7::text[]) n where strpos(lower(e.content), n) > 0))
         order by e.seq
        """;

    private const string RedactEpisode = """
        update episodes
           set content = $5, words = to_tsvector('english', left($5, 100000)), metadata = null, redacted_at = now()
         where project_id = $1 and owner_kind = $2 and owner_id = $3 and seq = $4
        """;

    private const string ReadEvents = """
        select v.id, v.results::text
          from events v
         where v.project_id = $1 and v.owner_kind = $2 and v.owner_id = $3
           and (exists (select from unnest($4::bigint[]) s where s between v.first_seq and v.last_seq)
                or exists (select from jsonb_array_elements(v.results) r
                            where (r->>'memory')::uuid = any ($5) or r->>'content' = any ($6) or r->>'previous' = any ($6)))
        """;

    private const string RedactEvent = """
        update events
           set results = $5, changed = pg_current_xact_id(), updated_at = now()
         where project_id = $1 and owner_kind = $2 and owner_id = $3 and id = $4
        """;

    private const string ReadReasons = """
        select memory_id, version, reason
          from memory_versions
         where project_id = $1 and owner_kind = $2 and owner_id = $3 and source_seqs && $4 and memory_id <> all ($5)
        """;

    private const string RedactReason = """
        update memory_versions
           set reason = $6
         where project_id = $1 and owner_kind = $2 and owner_id = $3 and memory_id = $4 and version = $5
        """;

    private const string DeletePlans = """
        delete from plans p
         where p.project_id = $1 and p.owner_kind = $2 and p.owner_id = $3
           and exists (select from unnest($4::bigint[]) s where s between p.first_seq and p.last_seq)
        """;

    // An empty payload cannot be read: who replays it takes the episode as it stands now.
    private const string EmptyDeadLetters = """
        update dead_letters
           set payload = ''
         where project_id = $1 and owner_kind = $2 and owner_id = $3 and seq = any ($4)
        """;

    internal static async Task<Redacted> TakeOutAsync(
        MemoryTransaction transaction, Lane lane, Redaction redaction, Forgotten forgotten, CancellationToken cancellationToken)
    {
        List<Said> said = await transaction.QueryAsync(
            new Sql<Said>(
                ReadEpisodes, row => new Said(row.GetInt64(0), row.GetString(1), row.IsDBNull(2) ? null : row.GetString(2), row.GetBoolean(3), row.GetBoolean(4), row.GetBoolean(5)),
                lane.Keys(forgotten.Sources, redaction.Searches, forgotten.Memories, redaction.Names, forgotten.UntilSeq)),
            cancellationToken);
        List<(Said Said, string Left)> redacted = [.. said
            .Select(one => (one, Left: one.IsSource ? redaction.OfSource(one.Content, one.IsNeeded) : one.IsAnswer ? redaction.OfAnswer(one.Content) : redaction.Of(one.Content)))
            .Where(one => one.Left is not null)
            .Select(one => (one.one, one.Left!))];
        long[] seqs = [.. redacted.Select(one => one.Said.Seq)];
        await transaction.ExecuteAsync(
            [
                .. redacted.Select(one => Sql.Command(RedactEpisode, lane.Keys(one.Said.Seq, one.Left))),
                Sql.Command(DeletePlans, lane.Keys(seqs)),
                Sql.Command(EmptyDeadLetters, lane.Keys(seqs)),
                .. await EventsAsync(transaction, lane, redaction, forgotten, seqs, cancellationToken),
                .. await ReasonsAsync(transaction, lane, redaction, forgotten, seqs, cancellationToken),
            ],
            cancellationToken);
        return new Redacted(seqs, [.. redacted.Select(one => one.Said.Conversation).OfType<string>().Distinct()]);
    }

    // What an event says of a forgotten memory goes, what it says of texts that became none, since those may be the same words,
    // and what tells it in what it says of a memory that stays.
    private static async Task<IEnumerable<Sql<bool>>> EventsAsync(
        MemoryTransaction transaction, Lane lane, Redaction redaction, Forgotten forgotten, long[] seqs, CancellationToken cancellationToken)
    {
        List<(Guid Id, string Results)> events = await transaction.QueryAsync(
            new Sql<(Guid, string)>(ReadEvents, row => (row.GetGuid(0), row.GetString(1)), lane.Keys(seqs, forgotten.Memories, forgotten.Texts)), cancellationToken);
        return events.Select(one => Sql.Command(RedactEvent, lane.Keys(one.Id, new Jsonb(JsonSerializer.Serialize(
            JsonSerializer.Deserialize<List<OperationResult>>(one.Results, JsonSerializerOptions.Web)!.Select(Redact), JsonSerializerOptions.Web)))));

        OperationResult Redact(OperationResult result) =>
            result.Memory is null || forgotten.Memories.Contains(result.Memory.Value)
                ? result with { Content = Tombstone.Text, Previous = null, Reason = result.Operation == "DELETE" && result.Content == Tombstone.Text ? result.Reason : Tombstone.Text, After = null }
            : redaction.IsIn(result.Content) || (result.Previous is not null && redaction.IsIn(result.Previous)) || redaction.IsIn(result.Reason)
                ? result with
                {
                    Content = redaction.IsIn(result.Content) ? Tombstone.Text : result.Content,
                    Previous = result.Previous is not null && redaction.IsIn(result.Previous) ? Tombstone.Text : result.Previous,
                    Reason = Tombstone.Text,
                    After = null,
                }
            : result;
    }

    private static async Task<IEnumerable<Sql<bool>>> ReasonsAsync(
        MemoryTransaction transaction, Lane lane, Redaction redaction, Forgotten forgotten, long[] seqs, CancellationToken cancellationToken)
    {
        List<(Guid Memory, int Version, string Reason)> reasons = await transaction.QueryAsync(
            new Sql<(Guid, int, string)>(ReadReasons, row => (row.GetGuid(0), row.GetInt32(1), row.GetString(2)), lane.Keys(seqs, forgotten.Memories)), cancellationToken);
        return reasons.Where(one => redaction.IsIn(one.Reason)).Select(one => Sql.Command(RedactReason, lane.Keys(one.Memory, one.Version, Tombstone.Text)));
    }

    /// <param name="IsSource">It gave one of the memories.</param>
    /// <param name="IsAnswer">It is what the assistant answered to one that did.</param>
    /// <param name="IsNeeded">Memories that stay came from it too.</param>
    private sealed record Said(long Seq, string Content, string? Conversation, bool IsSource, bool IsAnswer, bool IsNeeded);
}

/// <summary>What one wish forgets.</summary>
/// <param name="Texts">What the memories and versions said.</param>
/// <param name="Sources">The episodes they came from.</param>
/// <param name="Memories">Those that go, and those made of them.</param>
/// <param name="UntilSeq">What was said after it stays; null: nothing does.</param>
internal sealed record Forgotten(string[] Texts, long[] Sources, Guid[] Memories, long? UntilSeq);

/// <param name="Seqs">The episodes that lost words.</param>
/// <param name="Conversations">Those that they were said in.</param>
internal sealed record Redacted(long[] Seqs, IReadOnlyList<string> Conversations);
