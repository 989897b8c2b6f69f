using Memory.Core.Storage;
using NativeProcesses;
using Npgsql;

namespace Memory.Testing.Faults;

/// <summary>A Postgres and a Redis of a test's own, to be stopped, killed and emptied; never those of other tests.</summary>
public sealed class FaultServers : IAsyncDisposable
{
    private const string Template = "memory_template";

    private static readonly NativePostgresOptions s_options = new()
    {
        WalSegmentMegabytes = 1,
        MaxConnections = 200,
        SharedBuffers = "32MB",
        Durable = false,
        // Processes crash here, the machine does not: what is committed has been handed to the system, which need not flush it.
        Settings = new Dictionary<string, string> { ["synchronous_commit"] = "on" },
    };

    private FaultServers(NativePostgres postgres, NativeRedis redis)
    {
        Postgres = postgres;
        Redis = redis;
    }

    public NativePostgres Postgres { get; }

    public NativeRedis Redis { get; }

    public static async Task<FaultServers> StartAsync()
    {
        NativePostgres postgres = await NativePostgres.StartAsync(s_options, CancellationToken.None);
        NativeRedis redis = await NativeRedis.StartAsync(new NativeRedisOptions(), CancellationToken.None);
        var servers = new FaultServers(postgres, redis);
        await TestServers.MigrateAsync(servers.ConnectionTo(Template));
        return servers;
    }

    /// <summary>A migrated database of its own, with the default project and <see cref="TestServers.ApiKey"/>.</summary>
    public async Task<TestDatabase> NewDatabaseAsync()
    {
        string name = $"t_{Guid.NewGuid():N}";
        await TestDatabase.RunAsync(ConnectionTo("postgres"), $"create database {name} template {Template}");
        return new TestDatabase(ConnectionTo(name), TestServers.Passwords);
    }

    public async ValueTask DisposeAsync()
    {
        await Redis.DisposeAsync();
        await Postgres.DisposeAsync();
    }

    private string ConnectionTo(string database) =>
        new NpgsqlConnectionStringBuilder(Postgres.ConnectionStringFor(database)) { Pooling = false }.ConnectionString;
}
