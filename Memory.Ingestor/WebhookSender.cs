using Memory.Core.Webhooks;
using Microsoft.Extensions.Options;

namespace Memory.Ingestor;

/// <summary>
/// Tells webhooks what has changed, several at a time. Any number of processes may: a delivery is one's at a time. Told to stop, it
/// claims no more, and what is under way gets a moment to end.
/// </summary>
internal sealed class WebhookSender(
    Deliveries deliveries, Courier courier, IOptions<WebhookOptions> options, TimeProvider time, ILogger<WebhookSender> logger) : BackgroundService
{
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var places = new SemaphoreSlim(options.Value.Senders);
        using var end = new CancellationTokenSource();
        await using CancellationTokenRegistration onStop = stoppingToken.Register(() => end.CancelAfter(s_grace));
        List<Task> underWay = [];
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                await places.WaitAsync(stoppingToken);
                underWay.RemoveAll(task => task.IsCompleted);
                if (await ClaimAsync() is { } delivery)
                {
                    underWay.Add(CarryAsync(delivery, places, end.Token));
                    continue;
                }

                places.Release();
                await Task.Delay(TimeSpan.FromMilliseconds(options.Value.PollMilliseconds * (0.5 + Random.Shared.NextDouble())), time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // No more is claimed.
        }

        await Task.WhenAll(underWay);
    }

    private async Task<Delivery?> ClaimAsync()
    {
        try
        {
            // A claim that nobody waited for would hold its delivery until the lease runs out.
            return await deliveries.ClaimAsync(CancellationToken.None);
        }
        catch (Exception cause)
        {
            logger.DeliveryUnkept(cause);
            return null;
        }
    }

    private async Task CarryAsync(Delivery delivery, SemaphoreSlim places, CancellationToken endToken)
    {
        try
        {
            await courier.CarryAsync(delivery, endToken);
        }
        catch (Exception cause)
        {
            // Whoever is stopped, or loses the database, keeps nothing: the lease runs out, and it is sent again.
            logger.DeliveryUnkept(cause);
        }
        finally
        {
            places.Release();
        }
    }
}
