using System.Threading.Channels;
using Memory.Core.Ingestion;
using Memory.Core.Ingestion.Tending;
using Memory.Core.Lanes;
using Microsoft.Extensions.Options;

namespace Memory.Ingestor;

/// <summary>
/// Claims lanes and runs batches, several at a time. Looking for itself is the guarantee; a hint from Redis that a lane has
/// become ready only makes it sooner. Told to stop, it claims no more, and what is under way is finished or released.
/// </summary>
internal sealed class IngestionWorker(
    LaneStore lanes, LaneHints hints, LaneRunner runner, Tender tender, IOptions<IngestionOptions> options,
    IOptions<LaneOptions> laneOptions, TimeProvider time, ILogger<IngestionWorker> logger)
    : BackgroundService
{
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using IDisposable subscription = hints.Subscribe(() => _wake.Writer.TryWrite(true));
        using var end = new CancellationTokenSource();
        await using CancellationTokenRegistration onStop = stoppingToken.Register(() => end.CancelAfter(options.Value.StopMilliseconds));
        await Task.WhenAll(Enumerable.Range(0, options.Value.Writers).Select(_ => WriteAsync(stoppingToken, end.Token)));
    }

    /// <param name="stoppingToken">No more lanes are claimed.</param>
    /// <param name="endToken">What is under way is released.</param>
    private async Task WriteAsync(CancellationToken stoppingToken, CancellationToken endToken)
    {
        var idle = 0;
        while (!stoppingToken.IsCancellationRequested)
        {
            idle = await TryOneAsync(stoppingToken, endToken) ? 0 : idle + 1;
            if (idle > 0)
                await RestAsync(idle, stoppingToken);
        }
    }

    /// <returns>Whether there was work; if so, there may be more.</returns>
    private async Task<bool> TryOneAsync(CancellationToken stoppingToken, CancellationToken endToken)
    {
        try
        {
            // A claim that nobody waited for would hold its lane until the lease runs out.
            if (await lanes.ClaimAsync(CancellationToken.None) is { } lease)
                await runner.RunAsync(lease, endToken);
            else if (await lanes.ClaimIdleAsync(CancellationToken.None) is { } idle)
                await tender.RunAsync(idle, endToken);
            else
                return false;
            return true;
        }
        catch (Exception cause)
        {
            // Even giving a lane back may fail: the lease runs out by itself, and this writer goes on.
            logger.WriterFailed(cause);
            return false;
        }
    }

    private async Task RestAsync(int idle, CancellationToken stoppingToken)
    {
        using var rest = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        rest.CancelAfter(PollPause.Draw(options.Value, idle, Random.Shared));
        try
        {
            await _wake.Reader.ReadAsync(rest.Token);
            // The hint comes with the message, the lane is ready a quiet moment later.
            int quiet = Math.Min(laneOptions.Value.QuietMilliseconds, options.Value.LongestPollMilliseconds);
            await Task.Delay(TimeSpan.FromMilliseconds(quiet), time, stoppingToken);
        }
        catch (OperationCanceledException)
        {
            // Rested, or stopping: the loop sees which.
        }
    }
}
