namespace Aspire.Hosting.Runner;

/// <summary>What stands behind a running resource: a database server, or the replicas of a project.</summary>
internal interface INativeServer : IAsyncDisposable
{
    /// <summary>Completes with the exit code when nothing of it runs any more.</summary>
    Task<int> Exited { get; }

    /// <summary>Where data outlives the run, or null.</summary>
    string? DataFolder { get; }

    Task StopAsync();

    /// <summary>After a stop or a crash, on the same ports and data.</summary>
    Task RestartAsync(CancellationToken cancellationToken);
}
