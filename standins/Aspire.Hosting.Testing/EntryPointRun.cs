using System.Reflection;
using Aspire.Hosting.Runner;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Testing;

/// <summary>Runs an AppHost's own Main on a thread of its own, and holds it where it would build and where it would run.</summary>
internal sealed class EntryPointRun(Assembly appHost, string[] args, Action<DistributedApplicationOptions, HostApplicationBuilderSettings> configure) : IAsyncDisposable
{
    private readonly TaskCompletionSource<DistributedApplicationBuilder> _builder = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<DistributedApplication> _application = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ManualResetEventSlim _mayBuild = new();
    private volatile bool _abandoned;

    public Task<DistributedApplicationBuilder> StartAsync()
    {
        var main = appHost.EntryPoint ?? throw new InvalidOperationException($"Assembly {appHost.GetName().Name} does not have an entry point.");
        new Thread(() => Run(main)) { IsBackground = true, Name = $"{appHost.GetName().Name}.EntryPoint" }.Start();
        return _builder.Task;
    }

    public Task<DistributedApplication> BuildAsync()
    {
        _mayBuild.Set();
        return _application.Task;
    }

    public async ValueTask DisposeAsync()
    {
        if (_mayBuild.IsSet)
        {
            if (_application.Task.IsCompletedSuccessfully)
                await (await _application.Task).DisposeAsync();
            return;
        }

        _abandoned = true;
        _mayBuild.Set();
    }

    private void Run(MethodInfo main)
    {
        TestingHook.Current = new TestingHook
        {
            Constructing = Construct,
            Building = Hold,
            Built = application => _application.TrySetResult(application),
        };
        try
        {
            main.Invoke(null, main.GetParameters().Length == 0 ? [] : [args]);
            Fail(new InvalidOperationException("The entry point exited without building a DistributedApplication."));
        }
        catch (TargetInvocationException failure)
        {
            Fail(failure.InnerException ?? failure);
        }
    }

    private void Construct(DistributedApplicationOptions options, HostApplicationBuilderSettings settings)
    {
        settings.Args = [.. settings.Args ?? [], .. args];
        options.Args = settings.Args;
        options.AssemblyName = settings.ApplicationName = appHost.GetName().Name;
        options.DisableDashboard = true;
        options.EnableResourceLogging = true;
        LaunchProfile.ApplyFirst(appHost, settings.Configuration!);
        configure(options, settings);
    }

    private void Hold(DistributedApplicationBuilder builder)
    {
        _builder.TrySetResult(builder);
        _mayBuild.Wait();
        if (_abandoned)
            throw new OperationCanceledException("The test has disposed the builder.");
    }

    private void Fail(Exception failure)
    {
        _builder.TrySetException(failure);
        _application.TrySetException(failure);
    }
}
