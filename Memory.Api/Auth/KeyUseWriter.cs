using Memory.Core.Privacy;

namespace Memory.Api.Auth;

/// <summary>Writes every few seconds, and once more at the end, when keys were last used.</summary>
internal sealed class KeyUseWriter(KeyUse use, TimeProvider time, ILogger<KeyUseWriter> logger) : BackgroundService
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(5);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await FlushAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_pause, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            await FlushAsync(stoppingToken);
    }

    // Worth no failure: a key that goes on being used is noted again.
    private async Task FlushAsync(CancellationToken cancellationToken)
    {
        try
        {
            await use.FlushAsync(cancellationToken);
        }
        catch (Exception cause) when (!cancellationToken.IsCancellationRequested)
        {
            logger.UseOfKeysNotWritten(cause.Message);
        }
    }
}
