using Memory.Testing;
using NativeProcesses;
using Npgsql;

namespace Memory.Bench;

/// <summary>
/// Servers of a benchmark's own, durable as in production, and services on them as processes, with the settings they come
/// with. What is measured is on no system that somebody uses.
/// </summary>
internal sealed class PrivateSystem : IAsyncDisposable
{
    private readonly NativePostgres postgres;
    private readonly List<ServiceProcess> apis = [];
    private int databases;

    private PrivateSystem(NativePostgres postgres, NativeRedis redis)
    {
        this.postgres = postgres;
        Redis = redis;
    }

    /// <summary>How the services were built, which is how this tool was: a debug build is slower and has fail points.</summary>
    internal static string Build { get; } = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));

    internal NativeRedis Redis { get; }

    internal static Task<PrivateSystem> StartAsync(CancellationToken cancellationToken) => StartAsync(new NativePostgresOptions { Durable = true }, cancellationToken);

    internal static async Task<PrivateSystem> StartAsync(NativePostgresOptions options, CancellationToken cancellationToken) => new(
        await NativePostgres.StartAsync(options, cancellationToken),
        await NativeRedis.StartAsync(new NativeRedisOptions(), cancellationToken));

    /// <summary>Migrated, with the default project and <see cref="TestServers.ApiKey"/>.</summary>
    internal async Task<TestDatabase> NewDatabaseAsync()
    {
        string owner = postgres.ConnectionStringFor($"bench_{++databases}");
        await TestServers.MigrateAsync(owner);
        return new TestDatabase(new NpgsqlConnectionStringBuilder(owner) { Pooling = false }.ConnectionString, TestServers.Passwords);
    }

    /// <returns>Where a new Memory.Api listens, once it is healthy.</returns>
    internal Task<Uri> StartApiAsync(TestDatabase database, CancellationToken cancellationToken) =>
        StartApiAsync(database, new Dictionary<string, string?>(), cancellationToken);

    /// <returns>Where a new Memory.Api with settings of its own listens, once it is healthy.</returns>
    internal async Task<Uri> StartApiAsync(TestDatabase database, IReadOnlyDictionary<string, string?> settings, CancellationToken cancellationToken)
    {
        ServiceProcess api = Start("Memory.Api", database.Api, settings);
        apis.Add(api);
        Uri address = await api.AddressAsync();
        using var http = new HttpClient { BaseAddress = address };
        for (int tries = 0; tries < 600; tries++)
        {
            using HttpResponseMessage answer = await http.GetAsync("health", cancellationToken);
            if (answer.IsSuccessStatusCode)
                return address;
            await Task.Delay(100, cancellationToken);
        }

        throw new BenchException($"Memory.Api did not become healthy: {api.Output}");
    }

    /// <summary>A Memory.Ingestor, for the caller to end.</summary>
    internal ServiceProcess StartIngestor(TestDatabase database, IReadOnlyDictionary<string, string?> settings) =>
        Start("Memory.Ingestor", database.Worker, settings);

    internal async Task StopApisAsync()
    {
        foreach (ServiceProcess api in apis)
            await api.DisposeAsync();
        apis.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        await StopApisAsync();
        await Redis.DisposeAsync();
        await postgres.DisposeAsync();
    }

    private ServiceProcess Start(string project, string memorydb, IReadOnlyDictionary<string, string?> settings)
    {
        Dictionary<string, string?> all = new()
        {
            // The pool that a service has without being told.
            ["ConnectionStrings:memorydb"] = new NpgsqlConnectionStringBuilder(memorydb) { MaxPoolSize = 100 }.ConnectionString,
            ["ConnectionStrings:redis"] = Redis.ConnectionString,
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["DOTNET_ENVIRONMENT"] = "Production",
            // As the AppHost has it: no pooler is in between.
            ["Memory:Storage:PreparedStatements"] = "true",
        };
        foreach ((string name, string? value) in settings)
            all[name] = value;
        return ServiceProcess.Start(project, all);
    }
}
