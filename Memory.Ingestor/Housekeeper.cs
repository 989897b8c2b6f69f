using Memory.Core.Episodic;
using Memory.Core.Ingestion.Exporting;
using Memory.Core.Ingestion.Rebuilding;
using Memory.Core.Storage;
using Memory.Core.Webhooks;
using Microsoft.Extensions.Options;

namespace Memory.Ingestor;

/// <summary>
/// Makes the partitions of the coming months before they are needed, and removes idempotency keys that have served, deliveries
/// that were given up long ago, exports that nobody can fetch any more, and rebuilds that were killed.
/// </summary>
internal sealed class Housekeeper(
    MemoryDb db, Rebuild rebuild, Deliveries deliveries, ExportStore exports, IOptions<EpisodicOptions> options, TimeProvider time, ILogger<Housekeeper> logger) : BackgroundService
{
    // No rebuild takes so long.
    private static readonly TimeSpan s_longestRebuild = TimeSpan.FromDays(1);

    private static readonly TimeSpan s_period = TimeSpan.FromHours(1);

    private const string Ensure = "select ensure_month_partitions('episodes', 2), ensure_month_partitions('audit', 2)";

    // In portions, so that no append waits for a long transaction.
    private const string Forget = """
        delete from idempotency_keys
         where (project_id, principal, key) in (
               select project_id, principal, key
                 from idempotency_keys
                where created_at < now() - $1
                limit 1000)
        returning true
        """;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_period, time);
        do
        {
            try
            {
                await db.AcrossProjectsAsync(Sql.Command(Ensure), stoppingToken);
                while ((await db.AcrossProjectsAsync(Sql.Command(Forget, TimeSpan.FromHours(options.Value.IdempotencyHours)), stoppingToken)).Count > 0)
                {
                }

                await deliveries.SweepAsync(stoppingToken);
                await exports.SweepAsync(stoppingToken);
                await rebuild.DropAbandonedAsync(time.GetUtcNow() - s_longestRebuild, stoppingToken);
            }
            catch (Exception cause) when (cause is not OperationCanceledException)
            {
                // The default partition takes what comes meanwhile; old keys and dead rebuilds do no harm.
                logger.HousekeepingFailed(cause);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
