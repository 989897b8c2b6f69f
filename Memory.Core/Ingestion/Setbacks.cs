using Memory.Core.Episodic;
using Memory.Core.Lanes;
using Memory.Core.Storage;
using Memory.Models;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Memory.Core.Ingestion;

/// <summary>Carries out what <see cref="SetbackPolicy"/> decides: nothing of a batch that failed is lost, and its lane goes on.</summary>
public sealed class Setbacks(
    MemoryDb db, LaneStore lanes, IngestionEventLog events, Checkpoints checkpoints, DeadLetters letters,
    IOptions<IngestionOptions> options, ILogger<Setbacks> logger)
{
    private readonly SetbackPolicy _policy = new(options.Value);

    /// <summary>Whether so many workers died of the batch that it is not tried once more; it is dealt with then.</summary>
    internal async Task<bool> WasGivenUpAsync(Batch batch, CancellationToken cancellationToken)
    {
        if (!_policy.IsWornOut(batch))
            return false;
        await AfterAsync(batch, null, cancellationToken);
        return true;
    }

    /// <param name="cause">Null: the workers that had the batch died.</param>
    public async Task AfterAsync(Batch batch, Exception? cause, CancellationToken cancellationToken)
    {
        string text = NameOf(cause);
        LaneLease lease = batch.Lease;
        switch (_policy.Decide(batch, cause))
        {
            case Setback.Defer defer:
                logger.BatchDeferred(text, defer.Delay);
                await WaitAsync(batch, text, lease.Attempts - 1, cancellationToken);
                await lanes.DeferAsync(lease, defer.Delay, cancellationToken);
                break;
            case Setback.Retry retry:
                logger.BatchFailed(cause, lease.Attempts, retry.Delay);
                await WaitAsync(batch, $"attempt {lease.Attempts} failed: {text}", lease.Attempts, cancellationToken);
                await lanes.RetryLaterAsync(lease, retry.Delay, cancellationToken);
                break;
            case Setback.Split:
                logger.BatchSplit(cause, batch.Episodes.Count);
                await WaitAsync(batch, $"its batch of {batch.Episodes.Count} failed, and is tried again in parts: {text}", lease.Attempts, cancellationToken);
                await SplitAsync(batch, cancellationToken);
                break;
            default:
                logger.MessageBuried(cause, lease.Attempts);
                await letters.BuryAsync(batch, $"failed {lease.Attempts} times, at last: {text}", cancellationToken);
                break;
        }
    }

    /// <summary>Gives the lane back as if it had not been claimed: the worker stops, or what was planned on has changed.</summary>
    internal Task ReleaseAsync(LaneLease lease, Batch? batch, CancellationToken cancellationToken) =>
        HandBackAsync(lease, batch, TimeSpan.Zero, cancellationToken);

    /// <summary>The same after the database failed: not at once, since it may be up and fail again.</summary>
    internal Task HandBackAsync(LaneLease lease, Batch? batch, CancellationToken cancellationToken) =>
        HandBackAsync(lease, batch, _policy.Wait(), cancellationToken);

    /// <summary>What to do could not even be read: no message's fault, and none is to pay for it once it can be.</summary>
    internal Task UnreadableAsync(LaneLease lease, Exception cause, CancellationToken cancellationToken)
    {
        TimeSpan delay = _policy.Wait();
        logger.LaneUnreadable(cause, delay);
        return lanes.DeferAsync(lease, delay, cancellationToken);
    }

    private async Task HandBackAsync(LaneLease lease, Batch? batch, TimeSpan delay, CancellationToken cancellationToken)
    {
        if (batch is not null)
            await WaitAsync(batch, null, lease.Attempts - 1, cancellationToken);
        await lanes.DeferAsync(lease, delay, cancellationToken);
    }

    private Task WaitAsync(Batch batch, string? error, int attempts, CancellationToken cancellationToken) =>
        events.WaitingAsync(batch.Lease, batch.FirstSeq, batch.LastSeq, error, attempts, cancellationToken);

    private Task SplitAsync(Batch batch, CancellationToken cancellationToken) => db.TransactionAsync(
        batch.Lease.Lane.Project,
        async transaction =>
        {
            int half = (batch.Episodes.Count + 1) / 2;
            await LaneFence.HoldAsync(transaction, batch.Lease, cancellationToken);
            await checkpoints.SplitAsync(transaction, batch, batch.Episodes[half - 1].Seq, cancellationToken);
            await transaction.ExecuteAsync([LaneFence.NarrowTo(batch.Lease, half, batch.LastSeq)], cancellationToken);
        },
        cancellationToken);

    // A model's failure says in our own words what it was; of any other the type says enough, and nothing of what was said.
    private static string NameOf(Exception? cause) => cause switch
    {
        null => "its worker ended without a word",
        ModelException known => known.Message,
        StorageUnavailableException => "the database took too long",
        _ => cause.GetType().Name,
    };
}
