using Memory.Core.Storage;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Memory.Core.LongTerm;

/// <summary>
/// Keeps a service from running beside vectors of another model: it would find nothing and not say so. The start fails; when
/// the database can be read only later, or its vectors are made anew while the service runs, the service ends then.
/// </summary>
internal sealed class VectorSpaceGuard(MemoryDb db, VectorSpace space, TimeProvider time) : BackgroundService, IHealthCheck
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_longPause = TimeSpan.FromSeconds(30);
    private volatile bool _isChecked;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(_isChecked ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("Which vectors are stored is not known yet."));

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await TryAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(_isChecked ? s_longPause : s_pause, time, stoppingToken);
            await TryAsync(stoppingToken);
        }
    }

    private async Task TryAsync(CancellationToken cancellationToken)
    {
        try
        {
            await space.RequireAsync(db, cancellationToken);
            _isChecked = true;
        }
        catch (Exception cause) when (cause is StorageUnavailableException or Npgsql.PostgresException)
        {
            // Away, or not migrated yet: the schema's own check says so.
        }
    }
}
