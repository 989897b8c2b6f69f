using Memory.Core;
using Memory.Core.Privacy;
using Memory.Core.Retrieval;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Memory.Api;

/// <summary>
/// Recalls once while nobody waits, so that no caller's budget is spent on opening connections, learning the database's
/// types and compiling code. Until that has worked the service is not ready.
/// </summary>
internal sealed class WarmUp(RecallPipeline recall, ContextAssembler context, TimeProvider time, ILogger<WarmUp> logger) : BackgroundService, IHealthCheck
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(250);
    private static readonly Principal s_nobody = new(Bootstrap.DefaultProject, Guid.Empty, "warm-up", new HashSet<string>(), null);
    private volatile bool _isWarm;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext healthContext, CancellationToken cancellationToken = default) =>
        Task.FromResult(_isWarm ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("Not warm yet."));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var request = new RecallRequest(MemoryScope.Create(appId: "warm-up"), "warm up", 1, Turns: true, Conversation: "warm-up");
        using var timer = new PeriodicTimer(s_pause, time);
        do
        {
            try
            {
                await recall.RecallAsync(s_nobody, request, stoppingToken);
                await context.AssembleAsync(s_nobody, request, null, stoppingToken);
                _isWarm = true;
            }
            catch (Exception cause) when (cause is not OperationCanceledException)
            {
                logger.StillCold(cause.Message);
            }
        }
        while (!_isWarm && await timer.WaitForNextTickAsync(stoppingToken));
    }
}

internal static class WarmUpRegistration
{
    internal static void AddWarmUp(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<WarmUp>();
        builder.Services.AddHostedService(services => services.GetRequiredService<WarmUp>());
        builder.Services.AddHealthChecks().AddCheck<WarmUp>("warm-up");
    }
}
