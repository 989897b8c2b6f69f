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

    private const string LastSeqs = """
        select case when redacted_at is null then seq else 0 end
          from episodes
         where project_id = $1 and owner_kind = $2 and owner_id = $3 and run_id = $4
         order by seq desc
         limit $5
        """;

    // Text beyond 100 000 characters of one message is stored but not indexed: to_tsvector refuses more than 1 MB.
    private const string Insert = """
        insert into episodes (project_id, owner_kind, owner_id, event_id, agent_id, app_id, run_id,
                              seq, id, role, name, content, metadata, occurred_at, words)
        select $1, $2, $3, $4, $5, $6, $7,
               m.seq, m.id, m.role, m.name, m.content, m.metadata::jsonb, m.occurred_at, to_tsvector('english', left(m.content, 100000))
          from unnest($8, $9, $10, $11, $12, $13, $14) as m (seq, id, role, name, content, metadata, occurred_at)
        """;

    private const string Columns =
        "seq, id, event_id, agent_id, app_id, run_id, role, name, content, occurred_at, metadata::text, recorded_at";

    private const string ReadRange = $"""
        select {Columns}
          from episodes
         where project_id = $1 and owner_kind = $2 and owner_id = $3 and seq > $4
         order by seq
         limit $5
        """;

    // Found through its event, so that the numbers need no index of their own.
    private const string ReadOfEvent = """
        select e.seq, e.id, e.role, e.name, e.content, e.occurred_at
          from events v
          join episodes e
            on e.project_id = v.project_id and e.owner_kind = v.owner_kind and e.owner_id = v.owner_id
           and e.seq between v.first_seq and v.last_seq
         where v.project_id = $1 and v.owner_kind = $2 and v.owner_id = $3 and v.id = $4
         order by e.seq
        """;

    private const string ReadTail = """
        select seq, id, role, name, content, occurred_at
          from episodes
         where project_id = $1 and owner_kind = $2 and owner_id = $3 and run_id = $4
         order by seq desc
         limit $5
        """;

    public Task<Appended> AppendAsync(
        Principal principal, MemoryScope scope, IReadOnlyList<NewMessage> messages, IngestionRequest request, CancellationToken cancellationToken) =>
        AppendAsync(principal, scope, messages, request, key: null, cancellationToken);

    /// <summary>
    /// Stores the messages, numbers them and opens their event, in one transaction: once this returns, nothing is lost.
    /// The window in Redis and the hint to the workers follow the commit, best effort.
    /// </summary>
    /// <param name="messages">1 to <see cref="MaxMessages"/>, in the order they were said.</param>
    /// <param name="key">With the same one the same messages are stored once, however often they are sent; null: none.</param>
    /// <exception cref="BacklogException">The owner's oldest message has waited too long to take more.</exception>
    public Task<Appended> AppendAsync(
        Principal principal, MemoryScope scope, IReadOnlyList<NewMessage> messages, IngestionRequest request, IdempotencyKey? key,
        CancellationToken cancellationToken) =>
        AppendAsync(principal, scope, messages, request, key, isImport: false, cancellationToken);

    /// <summary>The same for what was said before: what people say meanwhile is distilled first.</summary>
    internal Task<Appended> ImportAsync(
        Principal principal, MemoryScope scope, IReadOnlyList<NewMessage> messages, IngestionRequest request, IdempotencyKey key,
        CancellationToken cancellationToken) =>
        AppendAsync(principal, scope, messages, request, key, isImport: true, cancellationToken);

    private async Task<Appended> AppendAsync(
        Principal principal, MemoryScope scope, IReadOnlyList<NewMessage> messages, IngestionRequest request, IdempotencyKey? key, bool isImport,
        CancellationToken cancellationToken)
    {
        AccessPolicy.RequireOwner(principal, scope.Owner);
        List<NewMessage> accepted = Accept(messages);
        request = request.Checked();

        using Activity? activity = MemoryTelemetry.Source.StartActivity(MemoryTelemetry.Operation.Append);
        activity?.SetTag(MemoryTelemetry.Attribute.Messages, accepted.Count)
            .SetTag(MemoryTelemetry.Attribute.ConversationId, scope.RunId);
        Appended appended = await db.PreparedAsync(
            principal.Project,
            async transaction =>
            {
                if (key is null)
                    return await StoreAsync(transaction, principal, scope, accepted, request, isImport, [], cancellationToken);
                byte[] hash = IdempotencyKey.HashOf(new { Write = "append", scope, accepted, request });
                return await IdempotencyLog.ClaimAsync(transaction, principal, key, hash, cancellationToken) is { } done
                    ? await AgainAsync(transaction, new Lane(principal.Project, scope.Owner), done, cancellationToken)
                    : await StoreAsync(transaction, principal, scope, accepted, request, isImport, [id => IdempotencyLog.Done(principal, key, hash, id)], cancellationToken);
            },
            cancellationToken);
        FailPoint.Hit(FailPoint.AppendCommitted);
        if (!appended.IsRepeated)
            await AnnounceAsync(new Lane(principal.Project, scope.Owner), scope.RunId, appended.Turns, cancellationToken);
        return appended;
    }

    /// <summary>The messages of one write, each checked.</summary>
    /// <exception cref="InvalidInputException">There are none or too many, or one is not acceptable.</exception>
    internal static List<NewMessage> Accept(IReadOnlyList<NewMessage> messages) => messages.Count is 0 or > MaxMessages
        ? throw new InvalidInputException("messages", $"messages has {messages.Count} entries: give 1 to {MaxMessages}.")
        : [.. messages.Select((message, index) => message.Checked(index))];

    private async Task<Appended> StoreAsync(
        MemoryTransaction transaction, Principal principal, MemoryScope scope, List<NewMessage> messages, IngestionRequest request, bool isImport,
        Func<EventId, Sql<bool>>[] besides, CancellationToken cancellationToken)
    {
        var lane = new Lane(principal.Project, scope.Owner);
        var id = new EventId(Guid.CreateVersion7(time.GetUtcNow()));
        Issued issued = await lanes.IssueAsync(transaction, lane, messages.Count, isImport, cancellationToken);
        List<Turn> turns = Number(messages, issued);
        await transaction.ExecuteAsync(
            [
                InsertAll(lane, scope, id, turns, messages),
                IngestionEventLog.Started(lane, id, "ADD", turns[0].Seq, turns[^1].Seq, request, Activity.Current?.Id),
                new AuditEntry(lane, principal.Actor, "append", null, id, new { messages = messages.Count }).ToStatement(),
                .. besides.Select(statement => statement(id)),
            ],
            cancellationToken);
        FailPoint.Hit(FailPoint.AppendBeforeCommit);
        return new Appended(id, turns);
    }

    private static async Task<Appended> AgainAsync(MemoryTransaction transaction, Lane lane, EventId id, CancellationToken cancellationToken) =>
        new(id, await transaction.QueryAsync(new Sql<Turn>(ReadOfEvent, MapTurn, lane.Keys(id)), cancellationToken)) { IsRepeated = true };

    private async Task AnnounceAsync(Lane lane, string? conversation, IReadOnlyList<Turn> turns, CancellationToken cancellationToken)
    {
        hints.Publish();
        if (conversation is not null)
            await buffer.PushAsync(lane, conversation, turns, cancellationToken);
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
        List<Turn> turns = await db.QueryAsync(lane.Project, new Sql<Turn>(ReadTail, MapTurn, lane.Keys(conversation, limit)), cancellationToken);
        turns.Reverse();
        return turns;
    }

    /// <summary>Seq of a conversation's last turns, oldest first; 0 of one that lost words since, so that no copy of it is taken for it.</summary>
    public async Task<IReadOnlyList<long>> LastSeqsAsync(Lane lane, string conversation, int limit, CancellationToken cancellationToken)
    {
        List<long> seqs = await db.QueryAsync(
            lane.Project, new Sql<long>(LastSeqs, row => row.GetInt64(0), lane.Keys(conversation, limit)), cancellationToken);
        seqs.Reverse();
        return seqs;
    }

    private static List<Turn> Number(List<NewMessage> messages, Issued issued) => [.. messages.Select((message, index) => new Turn(
        Guid.CreateVersion7(issued.At), issued.First + index, message.Role, message.Name, message.Content,
        Kept(message.At < issued.At ? message.At.Value : issued.At)))];

    // As Postgres will give it back.
    private static DateTimeOffset Kept(DateTimeOffset at) =>
        at.ToUniversalTime().AddTicks(-(at.Ticks % TimeSpan.TicksPerMicrosecond));

    private static Sql<bool> InsertAll(
        Lane lane, MemoryScope scope, EventId eventId, List<Turn> turns, List<NewMessage> messages) => Sql.Command(
        Insert, lane.Keys(
            eventId, scope.AgentId, scope.AppId, scope.RunId,
            turns.ConvertAll(turn => turn.Seq), turns.ConvertAll(turn => turn.Id), turns.ConvertAll(turn => turn.Role), turns.ConvertAll(turn => turn.Name),
            turns.ConvertAll(turn => turn.Content), messages.ConvertAll(message => message.Metadata), turns.ConvertAll(turn => turn.At)));

    private static Episode Map(NpgsqlDataReader row) => new(
        row.GetInt64(0), new EpisodeId(row.GetGuid(1)), new EventId(row.GetGuid(2)), Text(row, 3), Text(row, 4), Text(row, 5),
        row.GetString(6), Text(row, 7), row.GetString(8), row.GetFieldValue<DateTimeOffset>(9), Text(row, 10))
    {
        RecordedAt = row.GetFieldValue<DateTimeOffset>(11),
    };

    private static Turn MapTurn(NpgsqlDataReader row) => new(
        row.GetGuid(1), row.GetInt64(0), row.GetString(2), Text(row, 3), row.GetString(4), row.GetFieldValue<DateTimeOffset>(5));

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}

/// <summary>What an append answers with: committed, not yet distilled.</summary>
public sealed record Appended(EventId Event, IReadOnlyList<Turn> Turns)
{
    /// <summary>Whether an earlier request with the same idempotency key has stored it.</summary>
    public bool IsRepeated { get; init; }
}
