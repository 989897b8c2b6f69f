using Memory.Core.Episodic;
using Memory.Core.Lanes;
using Memory.Core.Storage;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Memory.Core.Webhooks;

/// <summary>
/// Claims what is to be told and keeps what came of it. Whoever dies with a delivery in hand loses it when the lease runs out, and
/// another sends it: a receiver may see one twice, under the same id, and never misses one.
/// </summary>
public sealed class Deliveries(MemoryDb db, IOptions<WebhookOptions> options)
{
    // From webhook to webhook along an index, so that it takes no longer when one has a million waiting: first whose turn it can be, by
    // the places that it and its project hold, then a few of the oldest of each, since others may hold the very oldest just now.
    private const string Claim = """
        with recursive waiting as (
               (select project_id, webhook_id
                  from webhook_deliveries
                 where failed_at is null
                 order by project_id, webhook_id
                 limit 1)
               union all
               select n.project_id, n.webhook_id
                 from waiting w
                cross join lateral (
                      select d.project_id, d.webhook_id
                        from webhook_deliveries d
                       where d.failed_at is null and (d.project_id, d.webhook_id) > (w.project_id, w.webhook_id)
                       order by d.project_id, d.webhook_id
                       limit 1) n),
             free as materialized (
               select w.project_id, w.webhook_id
                 from waiting w
                 join webhooks h
                   on h.project_id = w.project_id and h.id = w.webhook_id and h.is_active
                where (select count(*)
                         from webhook_deliveries l
                        where l.project_id = w.project_id and l.webhook_id = w.webhook_id and l.lease_until > now()) < $2
                  and (select count(*)
                         from webhook_deliveries l
                        where l.project_id = w.project_id and l.lease_until > now()) < $3),
             oldest as materialized (
               select c.project_id, c.owner_kind, c.owner_id, c.id, c.ready_at
                 from free f
                cross join lateral (
                      select d.project_id, d.owner_kind, d.owner_id, d.id, d.ready_at
                        from webhook_deliveries d
                       where d.project_id = f.project_id and d.webhook_id = f.webhook_id and d.failed_at is null
                         and d.ready_at <= now() and (d.lease_until is null or d.lease_until <= now())
                       order by d.ready_at
                       limit 8) c),
             taken as materialized (
               select d.project_id, d.owner_kind, d.owner_id, d.id
                 from webhook_deliveries d
                 join oldest o
                   on o.project_id = d.project_id and o.owner_kind = d.owner_kind and o.owner_id = d.owner_id and o.id = d.id
                where d.failed_at is null and d.ready_at <= now() and (d.lease_until is null or d.lease_until <= now())
                order by o.ready_at
                limit 1
                  for update of d skip locked)
        update webhook_deliveries d
           set attempts = d.attempts + 1, lease_until = now() + $1
          from taken t
         where d.project_id = t.project_id and d.owner_kind = t.owner_kind and d.owner_id = t.owner_id and d.id = t.id
        returning d.project_id, d.owner_kind, d.owner_id, d.id, d.webhook_id, d.kind, d.memory_id, d.version, d.event_id, d.created_at, d.attempts
        """;

    private const string ReadTold = """
        select w.url, w.secret, coalesce(v.content, ''), coalesce(m.categories, '{}')
          from webhooks w
          left join memory_versions v
            on v.project_id = $1 and v.owner_kind = $2 and v.owner_id = $3 and v.memory_id = $5 and v.version = $6
          left join memories m
            on m.project_id = $1 and m.owner_kind = $2 and m.owner_id = $3 and m.id = $5
         where w.project_id = $1 and w.id = $4 and ($6::integer is null or v.content is not null)
        """;

    private const string Delete = """
        delete from webhook_deliveries
         where project_id = $1 and owner_kind = $2 and owner_id = $3 and id = $4 and attempts = $5
        """;

    private const string Retry = """
        update webhook_deliveries
           set lease_until = null, ready_at = now() + $6, error = $7, error_at = now()
         where project_id = $1 and owner_kind = $2 and owner_id = $3 and id = $4 and attempts = $5
        """;

    private const string Fail = """
        update webhook_deliveries
           set lease_until = null, failed_at = now(), error = $6, error_at = now()
         where project_id = $1 and owner_kind = $2 and owner_id = $3 and id = $4 and attempts = $5
        """;

    private const string DeleteOld = """
        delete from webhook_deliveries
         where (project_id, owner_kind, owner_id, id) in (
               select project_id, owner_kind, owner_id, id
                 from webhook_deliveries
                where failed_at < now() - $1
                limit 1000)
        returning true
        """;

    /// <returns>Null: nothing is ready.</returns>
    public async Task<Delivery?> ClaimAsync(CancellationToken cancellationToken) => (await db.AcrossProjectsAsync(
        new Sql<Delivery>(Claim, Map, TimeSpan.FromSeconds(options.Value.TimeoutSeconds + options.Value.LeaseSeconds), options.Value.SendersPerWebhook, options.Value.SendersPerProject), cancellationToken)).SingleOrDefault();

    /// <summary>Takes away what was given up long ago.</summary>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        while ((await db.AcrossProjectsAsync(Sql.Command(DeleteOld, TimeSpan.FromDays(options.Value.FailedDays)), cancellationToken)).Count > 0)
        {
        }
    }

    /// <summary>Whether it was claimed as often as it is tried, and whoever had it last never came back.</summary>
    internal bool IsWornOut(Delivery delivery) => delivery.Attempt > options.Value.MaxAttempts;

    /// <returns>Null: there is nobody to tell any more, or nothing, since it was forgotten.</returns>
    internal async Task<Told?> ReadAsync(Delivery delivery, CancellationToken cancellationToken)
    {
        List<Told> found = await db.QueryAsync(
            delivery.Lane.Project,
            new Sql<Told>(
                ReadTold, row => new Told(row.GetString(0), row.GetString(1), row.GetString(2), row.GetFieldValue<string[]>(3)),
                delivery.Lane.Keys(delivery.Webhook, delivery.Memory, delivery.Version)),
            cancellationToken);
        if (found.Count == 0)
            return null;
        return delivery.Version is null ? found[0] with { Text = Tombstone.Text }
            : found[0].Text == Tombstone.Of(delivery.Memory) ? null
            : found[0];
    }

    /// <summary>It is done with, told or not.</summary>
    internal Task EndAsync(Delivery delivery, CancellationToken cancellationToken) => ExecuteAsync(delivery, Delete, [], cancellationToken);

    internal Task FailedAsync(Delivery delivery, Sent.Refused refused, CancellationToken cancellationToken) =>
        refused.IsFinal || delivery.Attempt >= options.Value.MaxAttempts
            ? ExecuteAsync(delivery, Fail, [refused.Reason], cancellationToken)
            : ExecuteAsync(delivery, Retry, [Wait(delivery.Attempt), refused.Reason], cancellationToken);

    // Jittered, so that what failed together is not tried again together.
    private TimeSpan Wait(int attempt) => TimeSpan.FromMilliseconds(
        Math.Min(options.Value.LongestRetryMilliseconds, options.Value.RetryMilliseconds * Math.Pow(3, attempt - 1)) * (0.5 + Random.Shared.NextDouble()));

    private Task ExecuteAsync(Delivery delivery, string statement, object?[] more, CancellationToken cancellationToken) => db.TransactionAsync(
        delivery.Lane.Project,
        transaction => transaction.ExecuteAsync([Sql.Command(statement, delivery.Lane.Keys([delivery.Id, delivery.Attempt, .. more]))], cancellationToken),
        cancellationToken);

    private static Delivery Map(NpgsqlDataReader row) => new(
        new Lane(new ProjectId(row.GetGuid(0)), new Owner(Owner.ParseKind(row.GetString(1)), row.GetString(2))), row.GetGuid(3), row.GetGuid(4),
        row.GetString(5), new MemoryId(row.GetGuid(6)), row.IsDBNull(7) ? null : row.GetInt32(7), row.GetGuid(8), row.GetFieldValue<DateTimeOffset>(9), row.GetInt32(10));
}
