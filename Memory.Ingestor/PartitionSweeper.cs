using Memory.Core.Storage;

namespace Memory.Ingestor;

/// <summary>Makes the partitions of the coming months before they are needed.</summary>
internal sealed class PartitionSweeper(MemoryDb db, TimeProvider time, ILogger<PartitionSweeper> logger) : BackgroundService
{
    private static readonly TimeSpan s_period = TimeSpan.FromHours(12);

    private const string Ensure = "select ensure_month_partitions('episodes', 2), ensure_month_partitions('audit', 2)";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_period, time);
        do
        {
            try
            {
                await db.AcrossProjectsAsync(Sql.Command(Ensure), stoppingToken);
            }
            catch (Exception cause) when (cause is not OperationCanceledException)
            {
                // The default partition takes what comes meanwhile.
                logger.PartitionsLate(cause);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
