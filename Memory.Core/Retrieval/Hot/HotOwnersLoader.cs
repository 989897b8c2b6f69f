using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Memory.Core.Retrieval.Hot;

/// <summary>Reads memories of owners that are asked often, one at a time, beside everything else, and lets go of the others'.</summary>
internal sealed class HotOwnersLoader(HotOwners owners, TimeProvider time, ILogger<HotOwnersLoader> logger) : BackgroundService
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_sweep = TimeSpan.FromMinutes(1);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(LoadAsync(stoppingToken), SweepAsync(stoppingToken));

    private async Task LoadAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await owners.LoadNextAsync(stoppingToken);
            }
            catch (Exception cause) when (!stoppingToken.IsCancellationRequested)
            {
                // Whatever it is, it is no reason to end the process: Postgres answers what is asked, or nothing does.
                logger.OwnerNotLoaded(cause);
                await Task.Delay(s_pause, time, stoppingToken);
            }
        }
    }

    private async Task SweepAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_sweep, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            owners.DropIdle();
    }
}
