using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Runner;

/// <summary>One resource from waiting to stopped; its states go to whoever watches.</summary>
internal sealed class ResourceRun(IResource resource, ApplicationRunner runner) : IAsyncDisposable
{
    private readonly SemaphoreSlim _command = new(1, 1);
    private CancellationTokenSource _round = new();
    private bool _stopWanted;

    public IResource Resource => resource;

    public INativeServer? Server { get; private set; }

    public async Task RunAsync(CancellationToken stopping)
    {
        if (resource.Annotations.OfType<ExplicitStartupAnnotation>().Any())
            await PublishAsync(KnownResourceStates.NotStarted);
        else
            await StartAsync(stopping);
    }

    public async Task StopAsync()
    {
        await _command.WaitAsync();
        try
        {
            if (Server is null)
                return;
            _stopWanted = true;
            await PublishAsync(KnownResourceStates.Stopping);
            await _round.CancelAsync();
            await Server.StopAsync();
            await PublishAsync(EndState(await Server.Exited), await Server.Exited);
        }
        finally
        {
            _command.Release();
        }
    }

    public async Task StartAgainAsync(CancellationToken cancellationToken)
    {
        await _command.WaitAsync(cancellationToken);
        try
        {
            if (Server is not { Exited.IsCompleted: false })
                await StartAsync(cancellationToken);
        }
        finally
        {
            _command.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _stopWanted = true;
        await _round.CancelAsync();
        if (Server is not { } server)
            return;
        Server = null;
        await server.DisposeAsync();
        await PublishAsync(EndState(0), server.Exited.IsCompletedSuccessfully ? await server.Exited : null);
    }

    private async Task StartAsync(CancellationToken stopping)
    {
        try
        {
            await PublishAsync(KnownResourceStates.Waiting);
            await Dependencies.AwaitAsync(resource, runner.Notifications, stopping);
            await PublishAsync(KnownResourceStates.Starting);
            _stopWanted = false;
            _round = new CancellationTokenSource();
            if (Server is not null)
                await Server.RestartAsync(stopping);
            else
                Server = await CreateServerAsync(stopping);
        }
        catch (OperationCanceledException)
        {
            return;
        }
        catch (Exception failure)
        {
            await PublishAsync(KnownResourceStates.FailedToStart);
            runner.Fail($"{resource.Name} did not start: {failure.Message}");
            return;
        }

        var check = resource.Annotations.OfType<HttpHealthAnnotation>().FirstOrDefault();
        await PublishAsync(KnownResourceStates.Running, health: check is null ? HealthStatus.Healthy : null);
        _ = WatchExitAsync(Server);
        if (check is not null)
            _ = new HttpHealth((IResourceWithEndpoints)resource, check).WatchAsync(
                health => PublishAsync(KnownResourceStates.Running, health: health), _round.Token);
    }

    private Task<INativeServer?> CreateServerAsync(CancellationToken cancellationToken)
    {
        if (resource is ProjectResource project)
            return ProjectServer.StartAsync(project, runner, cancellationToken);
        if (resource.Annotations.OfType<NativeStartAnnotation>().FirstOrDefault() is { } native)
            return native.StartAsync(cancellationToken)!;
        return resource is ContainerResource
            ? throw new DistributedApplicationException("no native server stands in for this container.")
            : Task.FromResult<INativeServer?>(null);
    }

    private async Task WatchExitAsync(INativeServer? server)
    {
        if (server is null)
            return;
        var code = await server.Exited;
        if (_stopWanted)
            return;
        await _round.CancelAsync();
        await PublishAsync(EndState(code), code);
        if (!runner.IsAwaitedToComplete(resource, code))
            runner.Lose($"{resource.Name} stopped by itself with exit code {code}; what it said last is above.");
    }

    private string EndState(int code) =>
        resource is ProjectResource && (code == 0 || !_stopWanted) ? KnownResourceStates.Finished : KnownResourceStates.Exited;

    // A database lives and dies with its server.
    private async Task PublishAsync(string state, int? exitCode = null, HealthStatus? health = null)
    {
        foreach (var one in runner.Resources.OfType<IResourceWithParent>().Where(child => child.Parent == resource).Append(resource))
        {
            await runner.Notifications.PublishUpdateAsync(one, former => former with
            {
                State = state,
                ExitCode = exitCode,
                HealthStatus = health,
                StartTimeStamp = state == KnownResourceStates.Starting ? DateTime.UtcNow : former.StartTimeStamp,
                StopTimeStamp = KnownResourceStates.TerminalStates.Contains(state) ? DateTime.UtcNow : null,
            });
        }
    }
}
