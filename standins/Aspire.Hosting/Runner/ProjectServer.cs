using Aspire.Hosting.ApplicationModel;
using NativeProcesses;

namespace Aspire.Hosting.Runner;

/// <summary>The replicas of a project: its built dll, once or several times; more than one share the port through a proxy.</summary>
internal sealed class ProjectServer : INativeServer
{
    private readonly ProjectResource _project;
    private readonly ApplicationRunner _runner;
    private readonly ProjectProgram _program;
    private List<ChildProcess> _replicas = [];
    private List<TcpProxy> _proxies = [];

    private ProjectServer(ProjectResource project, ApplicationRunner runner)
    {
        _project = project;
        _runner = runner;
        _program = new ProjectProgram(project, runner);
    }

    public Task<int> Exited { get; private set; } = Task.FromResult(0);

    public string? DataFolder => null;

    public static async Task<INativeServer?> StartAsync(ProjectResource project, ApplicationRunner runner, CancellationToken cancellationToken)
    {
        var server = new ProjectServer(project, runner);
        try
        {
            await server.RestartAsync(cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async Task RestartAsync(CancellationToken cancellationToken)
    {
        var count = _project.Replicas();
        var endpoints = _project.Annotations.OfType<EndpointAnnotation>().ToList();
        var behind = endpoints.ToDictionary(endpoint => endpoint, _ => new List<int>());
        _replicas = [];
        for (var number = 1; number <= count; number++)
        {
            var urls = new List<string>();
            foreach (var endpoint in endpoints)
            {
                var port = count == 1 ? endpoint.AllocatedEndpoint!.Port : NativeTools.FreePort();
                behind[endpoint].Add(port);
                urls.Add($"{endpoint.UriScheme}://127.0.0.1:{port}");
            }

            var name = count == 1 ? _project.Name : $"{_project.Name} ({number})";
            var start = await _program.StartInfoAsync(number, urls, line => _runner.Console.Write(_project, name, line), cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            _replicas.Add(ChildProcess.Start(start));
        }

        if (count > 1)
            _proxies = [.. behind.Select(pair => new TcpProxy(pair.Key.AllocatedEndpoint!.Port, pair.Value))];
        Exited = LastExitAsync([.. _replicas]);
    }

    public async Task StopAsync()
    {
        foreach (var proxy in _proxies)
            proxy.Dispose();
        _proxies = [];
        // A host may take half a minute to let its requests end; what is left then is killed.
        await Task.WhenAll(_replicas.Select(replica => replica.StopAsync(grace: TimeSpan.FromSeconds(35))));
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    // The worst code counts: one crashed replica is not made good by another that ended well.
    private static async Task<int> LastExitAsync(ChildProcess[] replicas) =>
        (await Task.WhenAll(replicas.Select(replica => replica.Exited))).Max();
}
