using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Runner;

/// <summary>What a resource waits for before it starts.</summary>
internal static class Dependencies
{
    /// <exception cref="DistributedApplicationException">A dependency failed: it will never be as it is wanted.</exception>
    public static Task AwaitAsync(IResource resource, ResourceNotificationService notifications, CancellationToken cancellationToken) =>
        Task.WhenAll(resource.Annotations.OfType<WaitAnnotation>().Select(wait => AwaitAsync(wait, notifications, cancellationToken)));

    private static async Task AwaitAsync(WaitAnnotation wait, ResourceNotificationService notifications, CancellationToken cancellationToken)
    {
        var name = wait.Resource.Name;
        var reached = await notifications.WaitForResourceAsync(
            name, update => HasEnded(update.Snapshot) || (wait.WaitType == WaitType.WaitUntilHealthy && IsHealthy(update.Snapshot)), cancellationToken);
        if (wait.WaitType == WaitType.WaitUntilHealthy && !IsHealthy(reached.Snapshot))
            throw new DistributedApplicationException($"{name}, which it waits for, is not running.");
        if (wait.WaitType == WaitType.WaitForCompletion && reached.Snapshot.ExitCode != wait.ExitCode)
            throw new DistributedApplicationException($"{name}, which it waits for, ended with exit code {reached.Snapshot.ExitCode?.ToString() ?? "none"}.");
    }

    private static bool IsHealthy(CustomResourceSnapshot snapshot) =>
        snapshot.State?.Text == KnownResourceStates.Running && snapshot.HealthStatus == HealthStatus.Healthy;

    private static bool HasEnded(CustomResourceSnapshot snapshot) =>
        KnownResourceStates.TerminalStates.Contains(snapshot.State?.Text ?? "");
}
