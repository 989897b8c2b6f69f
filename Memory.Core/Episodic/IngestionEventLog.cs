using System.Text.Json;
using Memory.Core.Lanes;
using Memory.Core.Privacy;
using Memory.Core.Storage;
using Npgsql;

namespace Memory.Core.Episodic;

/// <summary>The state of every accepted write, from PENDING to SUCCEEDED or FAILED.</summary>
public sealed class IngestionEventLog(MemoryDb db)
{
    private const string Insert = """
        insert into events (project_id, owner_kind, owner_id, id, kind, status, first_seq, last_seq, request, results, trace_parent, usage, completed_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, case when $6 = 'SUCCEEDED' then now() end)
        """;

    /// <summary>The columns <see cref="Map"/> expects.</summary>
    internal const string Columns = """
        id, owner_kind, owner_id, kind, status, first_seq, last_seq, request::text, results::text, usage::text, attempts, error,
        created_at, updated_at, started_at, completed_at, importance::text
        """;

    internal const int ColumnCount = 17;

    // By its id alone: the caller of GET /v1/event/{id}/ knows no owner. Whether it may see it is decided on the owner found.
    private const string ReadOne = $"""
        select {Columns}
          from events
         where project_id = $1 and id = $2
        """;

    private const string MarkRunning = """
        update events
           set status = 'RUNNING', attempts = greatest(attempts, $6), started_at = coalesce(started_at, now()), changed = pg_current_xact_id(), updated_at = now()
         where project_id = $1 and owner_kind = $2 and owner_id = $3 and first_seq <= $5 and last_seq >= $4
           and status in ('PENDING', 'RUNNING')
        returning id, request::text, trace_parent, usage::text
        """;

    private const string ReadCauses = """
        select id, request::text, null, usage::text
          from events
         where project_id = $1 and owner_kind = $2 and owner_id = $3 and first_seq <= $5 and last_seq >= $4
        """;

    // More attempts than this claim counts were those of an earlier batch of the event.
    private const string MarkWaiting = """
        update events
           set status = 'PENDING', error = $6, attempts = case when attempts > $9 then attempts else $7 end, changed = pg_current_xact_id(), updated_at = now()
         where project_id = $1 and owner_kind = $2 and owner_id = $3 and first_seq <= $5 and last_seq >= $4
           and status = 'RUNNING'
           and exists (select 1
                         from lanes
                        where project_id = $1 and owner_kind = $2 and owner_id = $3 and epoch = $8
                          for update)
        """;

    // An event is done when the last of its messages is dealt with; one with many messages may take several batches.
    private const string End = """
        update events v
           set results = v.results || $6, usage = coalesce($7, v.usage), importance = v.importance || $9, status = o.status,
               completed_at = case when o.status in ('SUCCEEDED', 'FAILED') then now() end,
               error = case o.status
                       when 'SUCCEEDED' then null
                       when 'FAILED' then (select d.reason
                                             from dead_letters d
                                            where d.project_id = $1 and d.owner_kind = $2 and d.owner_id = $3 and d.event_id = $4
                                            order by d.seq
                                            limit 1)
                       else coalesce($8, v.error) end,
               changed = pg_current_xact_id(), updated_at = now()
          from (select case when e.last_seq > $5 then e.status
                            when count(d.replay_at) > 0 then 'PENDING'
                            when count(d.seq) > 0 then 'FAILED'
                            else 'SUCCEEDED' end as status
                  from events e
                  left join dead_letters d
                    on d.project_id = e.project_id and d.owner_kind = e.owner_kind and d.owner_id = e.owner_id and d.event_id = e.id
                 where e.project_id = $1 and e.owner_kind = $2 and e.owner_id = $3 and e.id = $4
                 group by e.last_seq, e.status) o
         where v.project_id = $1 and v.owner_kind = $2 and v.owner_id = $3 and v.id = $4
        """;

    private const string Replay = """
        update events
           set status = 'PENDING', error = null, completed_at = null, changed = pg_current_xact_id(), updated_at = now()
         where project_id = $1 and owner_kind = $2 and owner_id = $3 and id = $4
        """;

    // What was paid stays visible when the batch fails. Whoever lost the lane meanwhile would undo what its next holder counted.
    private const string Spend = """
        update events
           set usage = $5, changed = pg_current_xact_id(), updated_at = now()
         where project_id = $1 and owner_kind = $2 and owner_id = $3 and id = $4
           and exists (select 1
                         from lanes
                        where project_id = $1 and owner_kind = $2 and owner_id = $3 and epoch = $6
                          for update)
        """;

    public static Sql<bool> Started(Lane lane, EventId id, string kind, long firstSeq, long lastSeq, IngestionRequest request, string? traceParent) =>
        Sql.Command(Insert, lane.Keys(id, kind, EventStatus.Pending, firstSeq, lastSeq, new Jsonb(request.ToJson()), new Jsonb("[]"), traceParent, new Jsonb(EventUsage.None.ToJson())));

    /// <summary>A direct write is done as soon as it is committed.</summary>
    public static Sql<bool> Done(
        Lane lane, EventId id, string kind, IngestionRequest request, IReadOnlyList<OperationResult> results, EventUsage usage) =>
        Sql.Command(Insert, lane.Keys(
            id, kind, EventStatus.Succeeded, null, null, new Jsonb(request.ToJson()), new Jsonb(ToJson(results)), null, new Jsonb(usage.ToJson())));

    /// <summary>Some of an event's messages are dealt with, after the statements that say how: it ends with the last of them.</summary>
    /// <param name="appliedSeq">How far the lane is.</param>
    public static Sql<bool> Ended(Lane lane, long appliedSeq, EventEnd end) => Sql.Command(End, lane.Keys(
        end.Event, appliedSeq, new Jsonb(ToJson(end.Results)), new Jsonb(end.Usage?.ToJson()), end.Error, new Jsonb(ToJson(end.Weights))));

    /// <summary>Back to PENDING, since what failed is tried again.</summary>
    public static Sql<bool> Replayed(Lane lane, EventId id) => Sql.Command(Replay, lane.Keys(id));

    /// <summary>What an event has cost so far, all attempts included.</summary>
    public static Sql<bool> Spent(LaneLease lease, EventId id, EventUsage usage) =>
        Sql.Command(Spend, lease.Lane.Keys(id, new Jsonb(usage.ToJson()), lease.Epoch));

    /// <summary>Marks the events of a batch as running.</summary>
    /// <exception cref="LeaseLostException">The lane is somebody else's by now; nothing was marked.</exception>
    public Task<List<BatchCause>> RunningAsync(LaneLease lease, long firstSeq, long lastSeq, CancellationToken cancellationToken) =>
        db.TransactionAsync(
            lease.Lane.Project,
            transaction => LaneFence.HoldAsync(
                transaction, lease, new Sql<BatchCause>(MarkRunning, MapCause, lease.Lane.Keys(firstSeq, lastSeq, lease.Attempts)), cancellationToken),
            cancellationToken);

    /// <summary>What the messages came with, as it is.</summary>
    internal Task<List<BatchCause>> CausesAsync(Lane lane, long firstSeq, long lastSeq, CancellationToken cancellationToken) =>
        db.QueryAsync(lane.Project, new Sql<BatchCause>(ReadCauses, MapCause, lane.Keys(firstSeq, lastSeq)), cancellationToken);

    /// <summary>Back to PENDING after a failure that will be tried again, unless the lane is somebody else's by now.</summary>
    /// <param name="error">What it was, without stored text; null: nothing failed.</param>
    /// <param name="attempts">How many count so far.</param>
    public Task WaitingAsync(LaneLease lease, long firstSeq, long lastSeq, string? error, int attempts, CancellationToken cancellationToken) =>
        db.QueryAsync(lease.Lane.Project, Sql.Command(MarkWaiting, lease.Lane.Keys(firstSeq, lastSeq, error, attempts, lease.Epoch, lease.Attempts)), cancellationToken);

    /// <exception cref="NotFoundException">No such event in the principal's reach.</exception>
    public async Task<IngestionEvent> GetAsync(Principal principal, EventId id, CancellationToken cancellationToken)
    {
        List<IngestionEvent> found = await db.QueryAsync(
            principal.Project, new Sql<IngestionEvent>(ReadOne, Map, principal.Project, id), cancellationToken);
        return found.Count == 1 && AccessPolicy.MaySee(principal, found[0].Owner)
            ? found[0]
            : throw new NotFoundException("Event");
    }

    private static BatchCause MapCause(NpgsqlDataReader row) => new(
        new EventId(row.GetGuid(0)), IngestionRequest.FromJson(row.GetString(1)), row.IsDBNull(2) ? null : row.GetString(2), EventUsage.FromJson(row.GetString(3)));

    private static string ToJson<T>(IReadOnlyList<T> list) => JsonSerializer.Serialize(list, JsonSerializerOptions.Web);

    internal static IngestionEvent Map(NpgsqlDataReader row) => new(
        new EventId(row.GetGuid(0)), new Owner(Owner.ParseKind(row.GetString(1)), row.GetString(2)), row.GetString(3), row.GetString(4),
        row.IsDBNull(5) ? null : row.GetInt64(5), row.IsDBNull(6) ? null : row.GetInt64(6), row.GetString(7),
        JsonSerializer.Deserialize<List<OperationResult>>(row.GetString(8), JsonSerializerOptions.Web)!,
        EventUsage.FromJson(row.GetString(9)), row.GetInt32(10), row.IsDBNull(11) ? null : row.GetString(11),
        row.GetFieldValue<DateTimeOffset>(12), row.GetFieldValue<DateTimeOffset>(13),
        row.IsDBNull(14) ? null : row.GetFieldValue<DateTimeOffset>(14), row.IsDBNull(15) ? null : row.GetFieldValue<DateTimeOffset>(15))
    {
        Weights = JsonSerializer.Deserialize<List<MessageWeight>>(row.GetString(16), JsonSerializerOptions.Web)!,
    };
}
