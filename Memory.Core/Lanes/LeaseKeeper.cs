using Microsoft.Extensions.Logging;

namespace Memory.Core.Lanes;

/// <summary>
/// Renews a lease while its batch is worked on, at a third of its length, since a model may take longer. When the lane is
/// somebody else's, or could be because nobody confirmed it for a whole lease, the work is called off.
/// </summary>
public sealed class LeaseKeeper(LaneStore lanes, TimeProvider time, ILogger<LeaseKeeper> logger)
{
    /// <exception cref="LeaseLostException">The work was called off.</exception>
    /// <param name="work">Is given a token that ends with the caller's, or with the lease.</param>
    public async Task<T> HoldAsync<T>(LaneLease lease, Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        using var held = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task heart = BeatAsync(lease, held);
        try
        {
            return await work(held.Token);
        }
        catch (OperationCanceledException) when (held.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new LeaseLostException(lease.Lane.Owner, lease.Epoch);
        }
        finally
        {
            await held.CancelAsync();
            await heart;
        }
    }

    private async Task BeatAsync(LaneLease lease, CancellationTokenSource held)
    {
        using var timer = new PeriodicTimer(lanes.LeaseTime / 3, time);
        long confirmed = time.GetTimestamp();
        try
        {
            while (await timer.WaitForNextTickAsync(held.Token))
            {
                bool? isOurs = await TryRenewAsync(lease, held.Token);
                if (isOurs == true)
                    confirmed = time.GetTimestamp();
                // Only how long we waited is measured here; who has the lane, the database alone decides.
                if (isOurs == false || time.GetElapsedTime(confirmed) > lanes.LeaseTime)
                    await held.CancelAsync();
            }
        }
        catch (OperationCanceledException) when (held.IsCancellationRequested)
        {
            // The batch is done, or given up.
        }
    }

    /// <returns>Null: the database did not say.</returns>
    private async Task<bool?> TryRenewAsync(LaneLease lease, CancellationToken cancellationToken)
    {
        try
        {
            return await lanes.RenewAsync(lease, cancellationToken);
        }
        catch (Exception cause) when (cause is not OperationCanceledException)
        {
            logger.LeaseNotRenewed(cause);
            return null;
        }
    }
}
