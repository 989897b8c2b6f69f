using Memory.Core.Lanes;

namespace Memory.Ingestor;

/// <summary>Measures what waits and what has died; every ingestor sees the same, whichever asks.</summary>
internal sealed class WritePathGauges(WritePath path, TimeProvider time, ILogger<WritePathGauges> logger) : BackgroundService
{
    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(15);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_period, time);
        do
        {
            try
            {
                await path.MeasureAsync(stoppingToken);
            }
            catch (Exception cause) when (cause is not OperationCanceledException)
            {
                logger.NotMeasured(cause.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
