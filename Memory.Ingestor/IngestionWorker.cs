using System.Threading.Channels;
using Memory.Core;
using Memory.Core.Ingestion;
using Memory.Core.Lanes;
using Microsoft.Extensions.Options;

namespace Memory.Ingestor;

/// <summary>
/// Claims lanes and runs batches, several at a time. Looking for itself is the guarantee; a hint from Redis that a lane has
/// become ready only makes it sooner.
/// </summary>
internal sealed class IngestionWorker(
    LaneStore lanes, LaneHints hints, IngestionPipeline pipeline, IOptions<IngestionOptions> options,
    IOptions<LaneOptions> laneOptions, TimeProvider time, ILogger<IngestionWorker> logger)
    : BackgroundService
{
    private static readonly TimeSpan s_longestRetry = TimeSpan.FromMinutes(5);

    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using IDisposable subscription = hints.Subscribe(() => _wake.Writer.TryWrite(true));
        await Task.WhenAll(Enumerable.Range(0, options.Value.Writers).Select(_ => WriteAsync(stoppingToken)));
    }

    private async Task WriteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            bool worked;
            try
            {
                worked = await TryOneAsync(stoppingToken);
            }
            catch (Exception cause) when (cause is not OperationCanceledException)
            {
                // Even giving a lane back may fail: the lease runs out by itself, and this writer goes on.
                logger.WriterFailed(cause);
                worked = false;
            }

            if (!worked)
                await RestAsync(stoppingToken);
        }
    }

    /// <returns>Whether there was work; if so, there may be more.</returns>
    private async Task<bool> TryOneAsync(CancellationToken stoppingToken)
    {
        LaneLease? lease = await lanes.ClaimAsync(stoppingToken);
        if (lease is null)
            return false;
        await RunAsync(lease, stoppingToken);
        return true;
    }

    private async Task RunAsync(LaneLease lease, CancellationToken stoppingToken)
    {
        try
        {
            await pipeline.RunAsync(lease, stoppingToken);
        }
        catch (LeaseLostException)
        {
            // Somebody wrote meanwhile: plan again against what is there now. If the lane is another worker's, this does nothing.
            await lanes.DeferAsync(lease, TimeSpan.Zero, CancellationToken.None);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await lanes.DeferAsync(lease, TimeSpan.Zero, CancellationToken.None);
        }
        catch (StorageUnavailableException cause)
        {
            // The lease runs out by itself; nothing can be said to the database now.
            logger.BatchDeferred(cause, lease.Attempts);
        }
        catch (Exception cause)
        {
            TimeSpan delay = Backoff(lease.Attempts);
            logger.BatchFailed(cause, lease.Attempts, delay);
            await pipeline.GiveBackAsync(lease, delay, cause, CancellationToken.None);
        }
    }

    private TimeSpan Backoff(int attempts)
    {
        double factor = Math.Pow(2, Math.Min(attempts, 20) - 1) * (0.5 + Random.Shared.NextDouble());
        return TimeSpan.FromMilliseconds(Math.Min(options.Value.RetryMilliseconds * factor, s_longestRetry.TotalMilliseconds));
    }

    private async Task RestAsync(CancellationToken stoppingToken)
    {
        using var rest = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        rest.CancelAfter(TimeSpan.FromMilliseconds(options.Value.PollMilliseconds * (0.5 + Random.Shared.NextDouble())));
        try
        {
            await _wake.Reader.ReadAsync(rest.Token);
            // The hint comes with the message, the lane is ready a quiet moment later.
            await Task.Delay(TimeSpan.FromMilliseconds(laneOptions.Value.QuietMilliseconds), time, stoppingToken);
        }
        catch (OperationCanceledException)
        {
            // Rested, or stopping: the loop sees which.
        }
    }
}
