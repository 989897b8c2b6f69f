using Memory.Client;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Chat.Agent;

/// <summary>
/// Asks the memory until it answers in its budget, while nobody waits: the first person would otherwise spend the budget
/// of a recall on opening connections and compiling code, here and in the API. Until then, but not for long, the agent is
/// not ready: it serves without memory too.
/// </summary>
internal sealed class WarmUp(IServiceScopeFactory scopes, TimeProvider time, ILogger<WarmUp> logger) : BackgroundService, IHealthCheck
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(10);
    private readonly long _started = time.GetTimestamp();
    private volatile bool _isWarm;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(_isWarm || time.GetElapsedTime(_started) > s_longest
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy("The memory has not answered yet."));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using AsyncServiceScope scope = scopes.CreateAsyncScope();
        MemoryClient memory = scope.ServiceProvider.GetRequiredService<MemoryClient>();
        using var timer = new PeriodicTimer(s_pause, time);
        while (!_isWarm && time.GetElapsedTime(_started) < s_longest && await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await memory.ContextAsync(new ContextRequest(new Scope(AppId: "chat-agent"), "warm up", "warm-up", ["turns"]), stoppingToken);
                _isWarm = true;
            }
            catch (Exception cause) when (cause is not OperationCanceledException)
            {
                logger.MemoryIsCold(cause);
            }
        }
    }
}
