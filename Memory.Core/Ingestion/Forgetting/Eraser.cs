using Memory.Core.History;
using Memory.Core.Ingestion.Exporting;
using Memory.Core.Lanes;
using Memory.Core.LongTerm;
using Memory.Core.Privacy;
using Memory.Core.Storage;
using Memory.Core.Webhooks;

namespace Memory.Core.Ingestion.Forgetting;

/// <summary>
/// Forgets for good, inside a transaction that holds the lane: memories with their versions and vectors, entities that
/// nothing speaks of any more, and the words in episodes, events, plans, dead letters and the journal. Neither recall nor a
/// rebuild brings them back.
/// </summary>
internal static class Eraser
{
    private const string ReadTexts = """
        select content, attribute, source_seqs, memory_id
          from memory_versions
         where project_id = $1 and owner_kind = $2 and owner_id = $3 and memory_id = any ($4)
        union all
        select null, null, source_seqs, memory_id
          from memory_evidence
         where project_id = $1 and owner_kind = $2 and owner_id = $3 and memory_id = any ($4)
        """;

    // A summary of a conversation that gave the memory may tell it too; it is made anew from what is left.
    private const string ReadSummaries = """
        select distinct m.id
          from memories m
          join memory_versions v
            on v.project_id = m.project_id and v.owner_kind = m.owner_kind and v.owner_id = m.owner_id and v.memory_id = m.id
         where m.project_id = $1 and m.owner_kind = $2 and m.owner_id = $3 and m.kind = 'summary' and v.source_seqs && $4
        """;

    private const string SummarizeAnew = """
        update conversations
           set summarized_seq = 0, summary_id = null
         where project_id = $1 and owner_kind = $2 and owner_id = $3 and summary_id = any ($4)
        """;

    private const string DeleteMemories = """
        delete from memories
         where project_id = $1 and owner_kind = $2 and owner_id = $3 and id = any ($4)
        """;

    private const string DeleteJournal = """
        delete from journal
         where project_id = $1 and owner_kind = $2 and owner_id = $3 and memories && $4
        """;

    private const string DeleteEntities = """
        delete from entities e
         where e.project_id = $1 and e.owner_kind = $2 and e.owner_id = $3
           and (e.name_key = any ($4) or e.alias_keys && $4
                or (not exists (select from memory_entities me
                                 where me.project_id = $1 and me.owner_kind = $2 and me.owner_id = $3 and me.entity_id = e.id)
                    and not exists (select from relations r
                                     where r.project_id = $1 and r.owner_kind = $2 and r.owner_id = $3 and e.id in (r.subject_id, r.object_id))))
        """;

    // As it would be carried out once more from the journal.
    private const string PurgeVersion = """
        update memory_versions
           set content = $6, content_hash = $7, attribute = null, reason = $8
         where project_id = $1 and owner_kind = $2 and owner_id = $3 and memory_id = $4 and version = $5
        """;

    private const string PurgeRelations = """
        delete from relations
         where project_id = $1 and owner_kind = $2 and owner_id = $3 and memory_id = $4 and known_to is not null
        """;

    private const string PurgeVector = """
        delete from memory_vectors
         where project_id = $1 and owner_kind = $2 and owner_id = $3 and memory_id = $4 and version = $5
        """;

    /// <param name="writes">A whole plan; what is not to be forgotten is passed over.</param>
    /// <returns>The conversations that lost words: what is cached of them holds them still.</returns>
    internal static async Task<IReadOnlyList<string>> EraseAsync(
        MemoryTransaction transaction, Lane lane, string actor, IReadOnlyCollection<PlannedWrite> writes, CancellationToken cancellationToken)
    {
        List<string> conversations = [];
        var wishes = writes.Where(write => write.Operation is MemoryOperation.Forget)
            .GroupBy(write => (write.Operation.Fact.Forget, write.Event));
        foreach (var wish in wishes)
            conversations.AddRange(await EraseAsync(transaction, lane, actor, wish.Key.Event, [.. wish.Select(write => (MemoryOperation.Forget)write.Operation)], cancellationToken));
        return conversations;
    }

    private static async Task<IReadOnlyList<string>> EraseAsync(
        MemoryTransaction transaction, Lane lane, string actor, EventId @event, List<MemoryOperation.Forget> forgets, CancellationToken cancellationToken)
    {
        Fact wish = forgets[0].Fact;
        ForgetRequest asked = wish.Forget!;
        string[] names = asked.IsEntity
            ? ForgetTargets.AllNames(await transaction.QueryAsync(ForgetTargets.NamesOf(lane, asked.About), cancellationToken), asked.About)
            : [];
        long? seq = wish.SourceSeqs.Count > 0 ? wish.SourceSeqs[^1] : null;
        // Whatever was written since it was planned is meant too.
        List<ForgetTarget> found = asked.IsAll ? [] : await transaction.QueryAsync(ForgetTargets.Of(lane, asked, names, seq), cancellationToken);
        Guid[] targets = [.. forgets.Select(forget => forget.Target?.Value).OfType<Guid>()
            .Union(found.Where(target => target.IsWhole).Select(target => target.Memory.Value))];
        List<ForgetTarget> parts = found.FindAll(part => !targets.Contains(part.Memory.Value));
        List<(string? Content, string? Attribute, long[] Seqs, Guid Memory)> texts = await transaction.QueryAsync(
            new Sql<(string?, string?, long[], Guid)>(
                ReadTexts, row => (row.IsDBNull(0) ? null : row.GetString(0), row.IsDBNull(1) ? null : row.GetString(1), row.GetFieldValue<long[]>(2), row.GetGuid(3)),
                lane.Keys(targets)),
            cancellationToken);
        List<long> unsaid = asked.IsAll && targets.Length == 0 ? await transaction.QueryAsync(ForgetTargets.StillSaid(lane, wish), cancellationToken) : [];
        long[] sources = [.. texts.SelectMany(text => text.Seqs).Concat(parts.SelectMany(part => part.Seqs)).Concat(unsaid).Distinct()];
        List<Guid> summaries = await transaction.QueryAsync(new Sql<Guid>(ReadSummaries, row => row.GetGuid(0), lane.Keys(sources)), cancellationToken);

        string[] said = [.. texts.Select(text => text.Content).OfType<string>().Concat(parts.Select(part => part.Content)).Distinct()];
        Guid[] gone = [.. targets.Union(summaries)];
        Redaction redaction = asked.IsAll ? Redaction.OfSources(said) : new Redaction(names, asked.About, said);
        Redacted redacted = await RedactedWords.TakeOutAsync(transaction, lane, redaction, new Forgotten(said, sources, gone, seq), cancellationToken);
        await transaction.ExecuteAsync(
            [
                Sql.Command(SummarizeAnew, lane.Keys(gone)),
                Sql.Command(DeleteJournal, lane.Keys(gone)),
                Sql.Command(DeleteMemories, lane.Keys(gone)),
                .. parts.SelectMany(part => Purged(lane, part)),
                Sql.Command(DeleteEntities, lane.Keys((object)names.Select(ContentHash.Normalize).ToArray())),
                .. asked.IsAll && wish is { AgentId: null, AppId: null, RunId: null } ? [ExportStore.Forgotten(lane)] : (Sql<bool>[])[],
                .. asked.IsAll ? [] : RulesOf(lane, wish, names, [.. texts.Select(text => text.Attribute).OfType<string>().Distinct()], said),
                new AuditEntry(lane, actor, "forget", null, @event, new { memories = gone.Length, versions = parts.Count, messages = redacted.Seqs.Length }).ToStatement(),
                .. summaries.Count == 0 ? [] : (Sql<bool>[])[LaneFence.TendAfter(lane, TimeSpan.Zero)],
                .. Outbox.Of(lane, [.. gone.Select(id => new MemoryNews(MemoryNewsKind.Closed, new MemoryId(id), Version: null, @event))]),
            ],
            cancellationToken);
        await Journal.ScrubAsync(
            transaction, lane, redacted.Seqs, [.. parts.Select(part => part.Memory.Value).Distinct()], redaction.IsIn, cancellationToken);
        return redacted.Conversations;
    }

    // What is told again from an older source is not learned anew.
    private static IEnumerable<Sql<bool>> RulesOf(Lane lane, Fact wish, string[] names, string[] attributes, string[] said) =>
    [
        .. names.Select(name => ForgetRules.ForEntity(lane, name, wish.At)),
        .. attributes.Where(_ => names.Length == 0).Select(attribute => ForgetRules.ForAttribute(lane, attribute, wish.At)),
        .. said.Select(content => ForgetRules.ForContent(lane, content, wish.At)),
    ];

    private static Sql<bool>[] Purged(Lane lane, ForgetTarget part) =>
    [
        Sql.Command(PurgeVersion, lane.Keys(
            part.Memory, part.Version, Journal.TombstoneOf(part.Memory), ContentHash.Of(Journal.TombstoneOf(part.Memory)), Episodic.Tombstone.Text)),
        Sql.Command(PurgeRelations, lane.Keys(part.Memory)),
        Sql.Command(PurgeVector, lane.Keys(part.Memory, part.Version)),
        Feedback.NotesForgotten(lane, part.Memory),
    ];
}
