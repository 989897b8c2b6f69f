using System.Net;
using Memory.Testing;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Memory.Api.Tests;

/// <summary>
/// The memory API as it runs in production, on a database of its own, and a worker beside it that distils when a test says so.
/// </summary>
public sealed class ApiApplication : IAsyncLifetime
{
    /// <summary>Where nothing listens.</summary>
    public const string NoRedis = "127.0.0.1:1,connectTimeout=100";
    public const string NoPostgres = "Host=127.0.0.1;Port=1;Username=memory_api;Password=none;Database=memorydb";

    private readonly string? _memorydb;
    private readonly string? _redis;
    private readonly IReadOnlyDictionary<string, string?> _settings = new Dictionary<string, string?>();
    private readonly TimeProvider? _time;
    private readonly bool _listens;
    private TestDatabase? _database;
    private WebApplicationFactory<Program>? _factory;
    private EngineHost? _worker;

    public ApiApplication()
    {
    }

    private ApiApplication(bool listens) => _listens = listens;

    private ApiApplication(
        string? memorydb, string? redis, TestDatabase? database, IReadOnlyDictionary<string, string?>? settings = null, TimeProvider? time = null)
    {
        _memorydb = memorydb;
        _redis = redis;
        _time = time;
        _database = database;
        _settings = settings ?? _settings;
    }

    public TestDatabase Database => _database!;

    public IServiceProvider Services => _factory!.Services;

    /// <summary>Speaks with the default project's key.</summary>
    public ApiClient Api => As(TestServers.ApiKey);

    /// <summary>The same behind a socket of its own, for requests as they go over the wire.</summary>
    public static ApiApplication Listening() => new(listens: true);

    /// <summary>Where it listens.</summary>
    public Uri Address => _factory!.ClientOptions.BaseAddress;

    public static ApiApplication WithoutPostgres() => new(NoPostgres, null, null);

    /// <param name="settings">Besides those of <see cref="EngineHost.Settings"/>.</param>
    public static ApiApplication WithoutRedis(IReadOnlyDictionary<string, string?>? settings = null) => new(null, NoRedis, null, settings);

    /// <inheritdoc cref="WithoutRedis"/>
    public static ApiApplication On(TestDatabase database, IReadOnlyDictionary<string, string?>? settings = null) => new(null, null, database, settings);

    /// <param name="settings">Besides those of <see cref="EngineHost.Settings"/>.</param>
    /// <param name="time">The API's clock; null: the machine's.</param>
    public static ApiApplication With(IReadOnlyDictionary<string, string?> settings, TimeProvider? time = null) => new(null, null, null, settings, time);

    public async Task InitializeAsync()
    {
        TestServers servers = await TestServers.SharedAsync();
        _database ??= await servers.NewDatabaseAsync();
        string redis = _redis ?? servers.Redis;
        _worker = new EngineHost(_database.Worker, redis, settings: _settings);
        _factory = new WebApplicationFactory<Program>().WithWebHostBuilder(host =>
        {
            host.UseEnvironment("Production");
            foreach ((string name, string? value) in EngineHost.Settings(_memorydb ?? _database.Api, redis).Concat(_settings))
                host.UseSetting(name, value);
            if (_time is not null)
                host.ConfigureServices(services => services.AddSingleton(_time));
        });
        if (!_listens)
            return;
        _factory.UseKestrel(options => options.Listen(IPAddress.Loopback, 0));
        _factory.StartServer();
    }

    /// <param name="key">Null: none.</param>
    public ApiClient As(string? key) => new(NewHttpClient(), key);

    public HttpClient NewHttpClient() =>
        _factory!.CreateClient(new WebApplicationFactoryClientOptions { AllowAutoRedirect = false, BaseAddress = Address });

    /// <inheritdoc cref="EngineHost.DrainAsync"/>
    public Task<int> DrainAsync() => _worker!.DrainAsync();

    /// <inheritdoc cref="EngineHost.TendAsync"/>
    public Task TendAsync() => _worker!.TendAsync();

    /// <summary>The answer of /health once it is 200; the last one when it does not become so.</summary>
    public async Task<Answer> UntilHealthyAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            Answer health = await As(null).GetAsync("/health");
            if (health.Status == 200 || patience.IsCancellationRequested)
                return health;
            await Task.Delay(50);
        }
    }

    public async Task DisposeAsync()
    {
        await _factory!.DisposeAsync();
        await _worker!.DisposeAsync();
    }

    /// <summary>Tests share a database, never a person.</summary>
    public static string NewUser() => $"user-{Guid.NewGuid():N}";
}
