using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Runner;

/// <summary>Asks a service how it is: often until it is well for the first time, then now and then.</summary>
internal sealed class HttpHealth(IResourceWithEndpoints resource, HttpHealthAnnotation check)
{
    private static readonly HttpClient s_client = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false })
    {
        Timeout = TimeSpan.FromSeconds(5),
    };

    public async Task WatchAsync(Func<HealthStatus, Task> report, CancellationToken cancellationToken)
    {
        HealthStatus? known = null;
        var endpoint = new EndpointReference(resource, check.EndpointName ?? "http");
        try
        {
            while (true)
            {
                var now = await AskAsync(new Uri(new Uri(endpoint.Url), check.Path), cancellationToken);
                if (now != known && (known is not null || now == HealthStatus.Healthy))
                    await report((known = now).Value);
                await Task.Delay(TimeSpan.FromMilliseconds(known switch { null => 50, HealthStatus.Healthy => 10_000, _ => 500 }), cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The resource was stopped.
        }
    }

    private async Task<HealthStatus> AskAsync(Uri address, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await s_client.GetAsync(address, cancellationToken);
            return check.Status is { } wanted ? Status((int)answer.StatusCode == wanted) : Status(answer.IsSuccessStatusCode);
        }
        catch (Exception silent) when (silent is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return HealthStatus.Unhealthy;
        }
    }

    private static HealthStatus Status(bool well) => well ? HealthStatus.Healthy : HealthStatus.Unhealthy;
}
