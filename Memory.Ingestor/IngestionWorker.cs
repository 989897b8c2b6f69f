using System.Threading.Channels;
using Memory.Core;
using Memory.Core.Ingestion;
using Memory.Core.Lanes;
using Memory.Models;
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
        using var held = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        Task heart = BeatAsync(lease, held);
        try
        {
            await pipeline.RunAsync(lease, held.Token);
        }
        catch (Exception ended) when (ended is LeaseLostException || (ended is OperationCanceledException && held.IsCancellationRequested))
        {
            // Stopping, or somebody wrote meanwhile: plan again against what is there then. If the lane is another worker's, this does nothing.
            await lanes.DeferAsync(lease, TimeSpan.Zero, CancellationToken.None);
        }
        catch (StorageUnavailableException cause)
        {
            // The lease runs out by itself; nothing can be said to the database now.
            logger.BatchDeferred(cause, lease.Attempts);
        }
        catch (ModelException.Deferrable cause)
        {
            TimeSpan delay = Wait(cause.RetryAfter);
            logger.ModelAway(cause.Message, delay);
            await pipeline.DeferAsync(lease, delay, cause, CancellationToken.None);
        }
        catch (Exception cause)
        {
            TimeSpan delay = Backoff(lease.Attempts);
            logger.BatchFailed(cause, lease.Attempts, delay);
            await pipeline.GiveBackAsync(lease, delay, cause, CancellationToken.None);
        }
        finally
        {
            await held.CancelAsync();
            await heart;
        }
    }

    // A model may take longer than a lease: while its batch is worked on the lane stays ours, and when it no longer is, the
    // work ends.
    private async Task BeatAsync(LaneLease lease, CancellationTokenSource held)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(laneOptions.Value.LeaseMilliseconds / 3.0), time);
        try
        {
            while (await timer.WaitForNextTickAsync(held.Token))
            {
                if (!await TryRenewAsync(lease, held.Token))
                    await held.CancelAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // The batch is done, or given up.
        }
    }

    private async Task<bool> TryRenewAsync(LaneLease lease, CancellationToken cancellationToken)
    {
        try
        {
            return await lanes.RenewAsync(lease, cancellationToken);
        }
        catch (Exception cause) when (cause is not OperationCanceledException)
        {
            // The next beat tries again; should the lane be lost meanwhile, the fence sees it.
            logger.LeaseNotRenewed(cause);
            return true;
        }
    }

    private TimeSpan Backoff(int attempts)
    {
        double factor = Math.Pow(2, Math.Min(attempts, 20) - 1) * (0.5 + Random.Shared.NextDouble());
        return TimeSpan.FromMilliseconds(Math.Min(options.Value.RetryMilliseconds * factor, s_longestRetry.TotalMilliseconds));
    }

    // Lanes that were deferred together do not come back together, and none comes back at once, whatever was asked for.
    private TimeSpan Wait(TimeSpan? asked)
    {
        double usual = options.Value.DeferMilliseconds;
        double milliseconds = Math.Clamp(asked?.TotalMilliseconds ?? usual, usual / 5, s_longestRetry.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(milliseconds * (1 + 0.2 * Random.Shared.NextDouble()));
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
