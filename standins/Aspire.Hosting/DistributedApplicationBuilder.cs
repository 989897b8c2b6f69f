using System.Reflection;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Runner;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting;

public class DistributedApplicationBuilder : IDistributedApplicationBuilder
{
    private readonly HostApplicationBuilder _host;
    private readonly DistributedApplicationOptions _options;
    private readonly TestingHook? _testing = TestingHook.Current;

    public DistributedApplicationBuilder(string[] args) : this(new DistributedApplicationOptions { Args = args })
    {
    }

    public DistributedApplicationBuilder(DistributedApplicationOptions options)
    {
        _options = options;
        var settings = new HostApplicationBuilderSettings { Args = options.Args, Configuration = new ConfigurationManager() };
        _testing?.Constructing(options, settings);
        AppHostAssembly = options.AssemblyName is { } name ? Assembly.Load(name) : Assembly.GetEntryAssembly();
        AppHostDirectory = AppHostAssembly?.GetCustomAttributes<AssemblyMetadataAttribute>()
                .FirstOrDefault(metadata => metadata.Key == "apphostprojectpath")?.Value is { } folder && Directory.Exists(folder)
            ? folder
            : options.ProjectDirectory ?? Directory.GetCurrentDirectory();

        settings.ApplicationName ??= AppHostAssembly?.GetName().Name;
        settings.ContentRootPath ??= AppHostDirectory;
        // Nothing here reacts to edited settings, and each watched file costs one of the few inotify instances of a user.
        settings.Configuration!["hostBuilder:reloadConfigOnChange"] = "false";
        _host = new HostApplicationBuilder(settings);
        var publishes = Configuration["operation"] == "publish" || Configuration["publisher"] is not null;
        ExecutionContext = new DistributedApplicationExecutionContext(publishes ? DistributedApplicationOperation.Publish : DistributedApplicationOperation.Run);
        AddServices();
    }

    public ConfigurationManager Configuration => _host.Configuration;

    public string AppHostDirectory { get; }

    public Assembly? AppHostAssembly { get; }

    public IHostEnvironment Environment => _host.Environment;

    public IServiceCollection Services => _host.Services;

    public DistributedApplicationExecutionContext ExecutionContext { get; }

    public IResourceCollection Resources { get; } = new ResourceCollection();

    public IResourceBuilder<T> AddResource<T>(T resource) where T : IResource
    {
        Resources.Add(resource);
        return CreateResourceBuilder(resource);
    }

    public IResourceBuilder<T> CreateResourceBuilder<T>(T resource) where T : IResource => new ResourceBuilder<T>(this, resource);

    public DistributedApplication Build()
    {
        _testing?.Building(this);
        var application = new DistributedApplication(_host.Build(), _testing);
        _testing?.Built(application);
        return application;
    }

    private void AddServices()
    {
        Services.Configure<ConsoleLifetimeOptions>(lifetime => lifetime.SuppressStatusMessages = true);
        Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromMinutes(2));
        Services.AddHttpClient();
        _host.Logging.AddFilter("System.Net.Http.HttpClient", LogLevel.Warning);
        // A failed start is said in one line by RunAsync, or thrown into the test.
        _host.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        Services.AddSingleton(_options);
        Services.AddSingleton(ExecutionContext);
        Services.AddSingleton(new DistributedApplicationModel(Resources));
        Services.AddSingleton(_ => new ResourceNotificationService());
        Services.AddSingleton<ApplicationRunner>();
        Services.AddSingleton(new RunnerSettings(AppHostDirectory, IsTest: _testing is not null));
        Services.AddSingleton(services => new ResourceCommandService(services.GetRequiredService<ApplicationRunner>()));
        Services.AddHostedService(services => services.GetRequiredService<ApplicationRunner>());
    }
}
