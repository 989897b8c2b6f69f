using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Runner;

/// <summary>Runs the resources of an AppHost as child processes: each waits for what it depends on; on stop they end in reverse.</summary>
internal sealed class ApplicationRunner(IServiceProvider services, DistributedApplicationModel model, RunnerSettings settings) : IHostedService
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly SemaphoreSlim _stopOnce = new(1, 1);
    private readonly List<ResourceRun> _runs = [];
    private readonly List<Task> _tasks = [];
    private Dashboard? _dashboard;
    private int _failed;

    public IServiceProvider Services => services;

    public RunnerSettings Settings => settings;

    public IEnumerable<IResource> Resources => model.Resources;

    public ResourceNotificationService Notifications { get; } = services.GetRequiredService<ResourceNotificationService>();

    public RunnerConsole Console { get; } = new(settings, model, services.GetRequiredService<ILoggerFactory>());

    public IReadOnlyDictionary<string, string> Telemetry => _dashboard?.Environment ?? new Dictionary<string, string>();

    public string? DashboardUrl => _dashboard?.Url;

    public IEnumerable<string> DataFolders => _runs.Select(run => run.Server?.DataFolder).OfType<string>();

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        EndpointAllocation.Allocate(model, randomize: settings.IsTest || services.GetRequiredService<IConfiguration>()["DcpPublisher:RandomizePorts"] is "true");
        if (!settings.IsTest && !services.GetRequiredService<DistributedApplicationOptions>().DisableDashboard)
            _dashboard = await Dashboard.StartAsync(services.GetRequiredService<IConfiguration>(), Console, cancellationToken);

        foreach (var resource in model.Resources.Where(resource => resource is not IResourceWithParent))
            _runs.Add(new ResourceRun(resource, this));
        foreach (var run in _runs)
            _tasks.Add(run.RunAsync(_stopping.Token));
        if (!settings.IsTest)
            _tasks.Add(new RunningNotice(this).PrintWhenAllIsUpAsync(_stopping.Token));
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopOnce.WaitAsync(CancellationToken.None);
        try
        {
            await _stopping.CancelAsync();
            await Task.WhenAll(_tasks);
            _tasks.Clear();
            // Services first, and what they stand on last: nobody loses a connection while it finishes its work.
            await Task.WhenAll(_runs.Where(run => run.Resource is ProjectResource).Select(run => run.DisposeAsync().AsTask()));
            await Task.WhenAll(_runs.Select(run => run.DisposeAsync().AsTask()));
            if (_dashboard is not null)
                await _dashboard.DisposeAsync();
            _dashboard = null;
        }
        finally
        {
            _stopOnce.Release();
        }
    }

    public ResourceRun? Find(string name) =>
        _runs.Find(run => string.Equals(run.Resource.Name, name, StringComparison.OrdinalIgnoreCase));

    public bool IsAwaitedToComplete(IResource resource, int exitCode) =>
        model.Resources.SelectMany(other => other.Annotations.OfType<WaitAnnotation>())
            .Any(wait => wait.Resource == resource && wait.WaitType == WaitType.WaitForCompletion && wait.ExitCode == exitCode);

    /// <summary>Set once everything has come up: from then on the parts live and die apart, as under the real orchestrator.</summary>
    public bool IsUp { get; set; }

    /// <summary>A part is gone. While the whole is coming up that is a failure; later the others go on without it.</summary>
    public void Lose(string message)
    {
        if (IsUp && !settings.IsTest && !_stopping.IsCancellationRequested)
            System.Console.Error.WriteLine($"{message} The others go on; to bring it back, stop and start again.");
        else
            Fail(message);
    }

    /// <summary>The first failure is said in one line and ends the run with exit code 1; under test it is only logged.</summary>
    public void Fail(string message)
    {
        if (_stopping.IsCancellationRequested)
            return;
        if (settings.IsTest)
        {
            services.GetRequiredService<ILogger<ApplicationRunner>>().LogError("{Failure}", message);
            return;
        }

        if (Interlocked.Exchange(ref _failed, 1) == 1)
            return;
        System.Console.Error.WriteLine(message);
        Environment.ExitCode = 1;
        services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
    }
}
