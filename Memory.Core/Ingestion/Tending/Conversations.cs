using Memory.Core.Episodic;
using Memory.Core.Lanes;
using Memory.Core.LongTerm;
using Memory.Core.Privacy;
using Memory.Core.Storage;

namespace Memory.Core.Ingestion.Tending;

/// <summary>A conversation that has gone on since it was last summed up.</summary>
/// <param name="Id">Its run id.</param>
/// <param name="Summary">The memory that sums it up; null: none does yet.</param>
/// <param name="IsQuiet">Nothing has been said in it for long enough.</param>
/// <param name="IsAsked">Its summary was asked for.</param>
public sealed record OpenConversation(string Id, long LastSeq, MemoryId? Summary, bool IsQuiet, bool IsAsked);

/// <summary>How far each conversation is summed up.</summary>
public sealed class Conversations(MemoryDb db)
{
    private const int Most = 20;

    private const string Note = """
        insert into conversations as c (project_id, owner_kind, owner_id, run_id, last_seq, last_at)
        values ($1, $2, $3, $4, $5, now())
        on conflict (project_id, owner_kind, owner_id, run_id) do update
           set last_seq = greatest(c.last_seq, excluded.last_seq), last_at = now()
        """;

    private const string ReadOpen = """
        select run_id, last_seq, summary_id, last_at <= now() - $4, last_at = '-infinity'
          from conversations
         where project_id = $1 and owner_kind = $2 and owner_id = $3 and last_seq > summarized_seq
         order by last_at
         limit $5
        """;

    private const string MarkSummarized = """
        update conversations
           set summarized_seq = $5, summary_id = $6
         where project_id = $1 and owner_kind = $2 and owner_id = $3 and run_id = $4
        """;

    // Asked for: as if it had been quiet for ever, and not summed up yet.
    private const string Ask = """
        update conversations
           set last_at = '-infinity', summarized_seq = 0
         where project_id = $1 and owner_kind = $2 and owner_id = $3 and run_id = $4
        returning true
        """;

    private const string ReadSummary = $"""
        select {MemoryRecord.Columns}
          from conversations c
          join memories m
            on m.project_id = c.project_id and m.owner_kind = c.owner_kind and m.owner_id = c.owner_id and m.id = c.summary_id
          {MemoryRecord.CurrentVersion}
         where c.project_id = $1 and c.owner_kind = $2 and c.owner_id = $3 and c.run_id = $4 and m.status = 'active'
        """;

    /// <summary>Statements that note which conversations messages belong to.</summary>
    internal static IEnumerable<Sql<bool>> Noted(Lane lane, IEnumerable<Episode> episodes) => episodes
        .Where(episode => episode.RunId is not null)
        .GroupBy(episode => episode.RunId!)
        .Select(conversation => Sql.Command(Note, lane.Keys(conversation.Key, conversation.Max(episode => episode.Seq))));

    internal static Sql<bool> Summarized(Lane lane, OpenConversation conversation, MemoryId? summary) =>
        Sql.Command(MarkSummarized, lane.Keys(conversation.Id, conversation.LastSeq, summary));

    /// <summary>Those that went on since they were summed up, the one that has been quiet longest first.</summary>
    internal Task<List<OpenConversation>> OpenAsync(Lane lane, TimeSpan quiet, CancellationToken cancellationToken) => db.QueryAsync(
        lane.Project,
        new Sql<OpenConversation>(
            ReadOpen, row => new OpenConversation(row.GetString(0), row.GetInt64(1), row.IsDBNull(2) ? null : new MemoryId(row.GetGuid(2)), row.GetBoolean(3), row.GetBoolean(4)), lane.Keys(quiet, Most)),
        cancellationToken);

    /// <summary>The memory that sums a conversation up; null: none does yet.</summary>
    /// <exception cref="InvalidInputException">The scope names no conversation.</exception>
    public async Task<MemoryRecord?> SummaryAsync(Principal principal, MemoryScope scope, CancellationToken cancellationToken)
    {
        (Lane lane, string conversation) = Named(principal, scope);
        return (await db.QueryAsync(lane.Project, new Sql<MemoryRecord>(ReadSummary, MemoryRecord.Read, lane.Keys(conversation)), cancellationToken)).SingleOrDefault();
    }

    /// <summary>The conversation shall be summed up as soon as its messages are distilled.</summary>
    /// <exception cref="NotFoundException">No such conversation has been distilled yet.</exception>
    public async Task AskAsync(Principal principal, MemoryScope scope, CancellationToken cancellationToken)
    {
        (Lane lane, string conversation) = Named(principal, scope);
        await db.TransactionAsync(
            lane.Project,
            async transaction =>
            {
                // The lane's row first, as everywhere.
                await transaction.ExecuteAsync([LaneFence.TendAfter(lane, TimeSpan.Zero)], cancellationToken);
                List<bool> asked = await transaction.QueryAsync(new Sql<bool>(Ask, row => row.GetBoolean(0), lane.Keys(conversation)), cancellationToken);
                if (asked.Count == 0)
                    throw new NotFoundException("Conversation");
                await transaction.ExecuteAsync([new AuditEntry(lane, principal.Actor, "summary asked for", null, null, new { }).ToStatement()], cancellationToken);
            },
            cancellationToken);
    }

    private static (Lane Lane, string Conversation) Named(Principal principal, MemoryScope scope)
    {
        AccessPolicy.RequireOwner(principal, scope.Owner);
        return (new Lane(principal.Project, scope.Owner), scope.RunId ?? throw new InvalidInputException("run_id", "run_id is missing: say which conversation."));
    }
}
