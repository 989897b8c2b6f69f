using Memory.Core.Lanes;
using Microsoft.Extensions.Logging;

namespace Memory.Core.Ingestion;

/// <summary>Works on one claimed lane until its batch is applied, or it is settled what becomes of it.</summary>
public sealed class LaneRunner(
    BatchReader reader, IngestionPipeline pipeline, Setbacks setbacks, LeaseKeeper keeper, LaneStore lanes, TimeProvider time, ILogger<LaneRunner> logger)
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_nothingThere = TimeSpan.FromMinutes(5);

    /// <summary>The lane is free again afterwards, or its lease runs out since the database is away.</summary>
    /// <param name="cancellationToken">Ends the work; the batch is released as if it had not been claimed.</param>
    /// <returns>How many messages were applied.</returns>
    public async Task<int> RunAsync(LaneLease lease, CancellationToken cancellationToken)
    {
        Batch? batch = null;
        try
        {
            return await keeper.HoldAsync(lease, async held => (batch = await reader.ReadAsync(lease, held)) switch
            {
                null => await NothingAsync(lease, held),
                _ when await setbacks.WasGivenUpAsync(batch, held) => 0,
                _ => await ApplyAsync(batch, held),
            }, cancellationToken);
        }
        catch (Exception ended) when (ended is LeaseLostException || (ended is OperationCanceledException && cancellationToken.IsCancellationRequested))
        {
            // Stopping, or the lane moved on: plan again against what is there then. If it is another worker's, this does nothing.
            if (ended is LeaseLostException)
                logger.LeaseLost(lease.Epoch);
            await setbacks.ReleaseAsync(lease, batch, CancellationToken.None);
        }
        catch (StorageUnavailableException cause)
        {
            logger.DatabaseAway(cause, lease.Attempts);
            if (!cause.IsSlow || batch is null || !await TrySettleAsync(batch, cause))
                await HandBackAsync(lease, batch, cancellationToken);
        }
        catch (Exception cause)
        {
            await (batch is null ? setbacks.UnreadableAsync(lease, cause, CancellationToken.None) : setbacks.AfterAsync(batch, cause, CancellationToken.None));
        }

        return 0;
    }

    private async Task<int> ApplyAsync(Batch batch, CancellationToken cancellationToken)
    {
        await pipeline.RunAsync(batch, cancellationToken);
        return batch.Episodes.Count;
    }

    private async Task<int> NothingAsync(LaneLease lease, CancellationToken cancellationToken)
    {
        logger.NothingToRead(lease.AppliedSeq);
        await lanes.DeferAsync(lease, s_nothingThere, cancellationToken);
        return 0;
    }

    // Too slow for this batch, although the database answers otherwise: the batch itself may be why.
    private async Task<bool> TrySettleAsync(Batch batch, StorageUnavailableException cause)
    {
        try
        {
            await setbacks.AfterAsync(batch, cause, CancellationToken.None);
            return true;
        }
        catch (StorageUnavailableException)
        {
            return false;
        }
    }

    // No message's fault: as soon as the database is back the attempt is taken back, if that is before the lease runs out.
    private async Task HandBackAsync(LaneLease lease, Batch? batch, CancellationToken cancellationToken)
    {
        long since = time.GetTimestamp();
        while (time.GetElapsedTime(since) < lanes.LeaseTime && !cancellationToken.IsCancellationRequested)
        {
            try
            {
                await setbacks.HandBackAsync(lease, batch, CancellationToken.None);
                return;
            }
            catch (StorageUnavailableException)
            {
                await Task.Delay(s_pause, time, CancellationToken.None);
            }
        }
    }
}
