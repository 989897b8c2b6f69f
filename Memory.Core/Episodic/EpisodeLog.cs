using System.Diagnostics;
using Memory.Core.Diagnostics;
using Memory.Core.Lanes;
using Memory.Core.Privacy;
using Memory.Core.ShortTerm;
using Memory.Core.Storage;
using Npgsql;

namespace Memory.Core.Episodic;

/// <summary>The verbatim history: appended to in one commit, read back in order, never rewritten.</summary>
public sealed class EpisodeLog(MemoryDb db, LaneStore lanes, LaneHints hints, ShortTermBuffer buffer, TimeProvider time)
{
    /// <summary>Most messages of one append.</summary>
    public const int MaxMessages = 100;

    private const string LastOfConversation = """
        select coalesce(max(seq), 0)
          from episodes
         where project_id = $1 and owner_kind = $2 and owner_id = $3 and run_id = $4
        """;

    // Text beyond 100 000 characters of one message is stored but not indexed: to_tsvector refuses more than 1 MB.
    private const string Insert = """
        insert into episodes (project_id, owner_kind, owner_id, seq, id, event_id, agent_id, app_id, run_id,
                              role, name, content, metadata, occurred_at, words)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, to_tsvector('english', left($12, 100000)))
        """;

    private const string Columns =
        "seq, id, event_id, agent_id, app_id, run_id, role, name, content, occurred_at, metadata::text";

    private const string ReadRange = $"""
        select {Columns}
          from episodes
         where project_id = $1 and owner_kind = $2 and owner_id = $3 and seq > $4
         order by seq
         limit $5
        """;

    private const string ReadTail = """
        select seq, id, role, name, content, occurred_at
          from episodes
         where project_id = $1 and owner_kind = $2 and owner_id = $3 and run_id = $4
         order by seq desc
         limit $5
        """;

    /// <summary>
    /// Stores the messages, numbers them and opens their event, in one transaction: once this returns, nothing is lost.
    /// The window in Redis and the hint to the workers follow the commit, best effort.
    /// </summary>
    /// <param name="messages">1 to <see cref="MaxMessages"/>, in the order they were said.</param>
    public async Task<Appended> AppendAsync(
        Principal principal, MemoryScope scope, IReadOnlyList<NewMessage> messages, IngestionRequest request, CancellationToken cancellationToken)
    {
        AccessPolicy.RequireOwner(principal, scope.Owner);
        if (messages.Count is 0 or > MaxMessages)
            throw new InvalidInputException("messages", $"messages has {messages.Count} entries: give 1 to {MaxMessages}.");
        List<NewMessage> accepted = [.. messages.Select((message, index) => message.Checked(index))];

        var lane = new Lane(principal.Project, scope.Owner);
        using Activity? activity = MemoryTelemetry.Source.StartActivity(MemoryTelemetry.Operation.Append);
        activity?.SetTag(MemoryTelemetry.Attribute.Messages, accepted.Count)
            .SetTag(MemoryTelemetry.Attribute.ConversationId, scope.RunId);
        var eventId = new EventId(Guid.CreateVersion7(time.GetUtcNow()));

        Appended appended = await db.TransactionAsync(
            principal.Project,
            async transaction =>
            {
                long first = await lanes.IssueAsync(transaction, lane, accepted.Count, cancellationToken);
                long previous = await PreviousAsync(transaction, lane, scope.RunId, cancellationToken);
                List<Turn> turns = Number(accepted, first, previous);
                await transaction.ExecuteAsync(
                    [
                        .. turns.Select((turn, index) => InsertOne(lane, scope, eventId, turn, accepted[index].Metadata)),
                        IngestionEventLog.Started(lane, eventId, "ADD", first, first + accepted.Count - 1, request.Checked(), activity?.Id ?? Activity.Current?.Id),
                        new AuditEntry(lane, principal.Actor, "append", null, eventId, new { messages = accepted.Count }).ToStatement(),
                    ],
                    cancellationToken);
                return new Appended(eventId, turns);
            },
            cancellationToken);

        hints.Publish();
        if (scope.RunId is not null)
            await buffer.PushAsync(lane, scope.RunId, appended.Turns, cancellationToken);
        return appended;
    }

    /// <summary>The next episodes after <paramref name="afterSeq"/>, in order; fewer than <paramref name="limit"/> only at the end.</summary>
    public Task<List<Episode>> ReadAsync(Lane lane, long afterSeq, int limit, CancellationToken cancellationToken) =>
        db.QueryAsync(
            lane.Project,
            new Sql<Episode>(ReadRange, Map, lane.Project, lane.Owner.KindName, lane.Owner.Id, afterSeq, limit),
            cancellationToken);

    /// <summary>A conversation's last turns, oldest first.</summary>
    public async Task<IReadOnlyList<Turn>> TailAsync(Lane lane, string conversation, int limit, CancellationToken cancellationToken)
    {
        // One more than asked for: the oldest turn shown links to it.
        var tail = new Sql<Turn>(
            ReadTail,
            row => new Turn(
                row.GetGuid(1), row.GetInt64(0), 0, row.GetString(2), Text(row, 3), row.GetString(4), row.GetFieldValue<DateTimeOffset>(5)),
            lane.Project, lane.Owner.KindName, lane.Owner.Id, conversation, limit + 1);
        List<Turn> turns = await db.QueryAsync(lane.Project, tail, cancellationToken);
        turns.Reverse();
        for (var i = 1; i < turns.Count; i++)
            turns[i] = turns[i] with { Previous = turns[i - 1].Seq };
        return turns.Count > limit ? turns[1..] : turns;
    }

    /// <summary>Seq of a conversation's newest turn; 0 when it has none.</summary>
    public async Task<long> LastSeqAsync(Lane lane, string conversation, CancellationToken cancellationToken) =>
        (await db.QueryAsync(lane.Project, LastOf(lane, conversation), cancellationToken))[0];

    private static async Task<long> PreviousAsync(
        MemoryTransaction transaction, Lane lane, string? conversation, CancellationToken cancellationToken) =>
        conversation is null ? 0 : (await transaction.QueryAsync(LastOf(lane, conversation), cancellationToken))[0];

    private static Sql<long> LastOf(Lane lane, string conversation) =>
        new(LastOfConversation, row => row.GetInt64(0), lane.Keys(conversation));

    private List<Turn> Number(List<NewMessage> messages, long first, long previous)
    {
        DateTimeOffset now = time.GetUtcNow();
        return [.. messages.Select((message, index) => new Turn(
            Guid.CreateVersion7(now), first + index, index == 0 ? previous : first + index - 1,
            message.Role, message.Name, message.Content, message.At < now ? message.At.Value : now))];
    }

    private static Sql<bool> InsertOne(Lane lane, MemoryScope scope, EventId eventId, Turn turn, string? metadata) => Sql.Command(
        Insert, lane.Project, lane.Owner.KindName, lane.Owner.Id, turn.Seq, turn.Id, eventId, scope.AgentId, scope.AppId, scope.RunId,
        turn.Role, turn.Name, turn.Content, new Jsonb(metadata), turn.At);

    private static Episode Map(NpgsqlDataReader row) => new(
        row.GetInt64(0), new EpisodeId(row.GetGuid(1)), new EventId(row.GetGuid(2)), Text(row, 3), Text(row, 4), Text(row, 5),
        row.GetString(6), Text(row, 7), row.GetString(8), row.GetFieldValue<DateTimeOffset>(9), Text(row, 10));

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}

/// <summary>What an append answers with: committed, not yet distilled.</summary>
public sealed record Appended(EventId Event, IReadOnlyList<Turn> Turns);
