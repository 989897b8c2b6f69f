using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Memory.Core.Retrieval.Use;

/// <summary>Writes every few seconds, and once more at the end, which memories were recalled.</summary>
internal sealed class RecallUseWriter(RecallUse use, IOptions<RecallUseOptions> options, TimeProvider time) : BackgroundService
{
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await use.FlushAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(options.Value.FlushSeconds), time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            await use.FlushAsync(stoppingToken);
    }
}
