using Memory.Core.Privacy;
using Memory.Core.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using NativeProcesses;
using Npgsql;

namespace Memory.Testing;

/// <summary>
/// One Postgres and one Redis for the whole test process: those that MEMORY_TEST_POSTGRES and MEMORY_TEST_REDIS name, else
/// private ones. Without either the run fails and says what to install.
/// </summary>
public sealed class TestServers
{
    public const string ApiKey = "test-key-0123456789-abcdefghijklmnopqrstuv";

    // Its own for every test process: two of them may share a server.
    private static readonly string s_template = $"memory_template_{Guid.NewGuid():N}";
    private static readonly Lazy<Task<TestServers>> s_shared = new(StartAsync);
    private static readonly RolePasswords s_passwords = new() { ApiPassword = "api-pw", WorkerPassword = "worker-pw", AuditorPassword = "auditor-pw" };

    private readonly string _owner;

    private TestServers(string owner, string redis)
    {
        _owner = owner;
        Redis = redis;
    }

    public static Task<TestServers> SharedAsync() => s_shared.Value;

    /// <summary>Connection string of the shared Redis.</summary>
    public string Redis { get; }

    /// <summary>A migrated database of its own, with the default project and <see cref="ApiKey"/>.</summary>
    public async Task<TestDatabase> NewDatabaseAsync()
    {
        string name = $"t_{Guid.NewGuid():N}";
        await ExecuteAsync(_owner, $"create database {name} template {s_template}");
        return new TestDatabase(With(_owner, name), s_passwords);
    }

    /// <summary>A database of its own that nobody has migrated.</summary>
    public async Task<TestDatabase> NewEmptyDatabaseAsync()
    {
        string name = $"t_{Guid.NewGuid():N}";
        await ExecuteAsync(_owner, $"create database {name}");
        return new TestDatabase(With(_owner, name), s_passwords);
    }

    /// <summary>The connection string of a database that does not exist yet, as its future owner.</summary>
    public string NameOfNewDatabase() => With(_owner, $"t_{Guid.NewGuid():N}");

    public static RolePasswords Passwords => s_passwords;

    /// <summary>What <c>migrate</c> does with <see cref="ApiKey"/>.</summary>
    /// <param name="owner">Connection string of the database's owner.</param>
    public static async Task MigrateAsync(string owner)
    {
        await new Migrator(owner, NullLogger<Migrator>.Instance).MigrateAsync(s_passwords, CancellationToken.None);
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(owner);
        await new Bootstrap(new MemoryDb(source)).EnsureAsync(new BootstrapOptions { ApiKey = ApiKey }, CancellationToken.None);
    }

    private static async Task<TestServers> StartAsync()
    {
        string owner = Environment.GetEnvironmentVariable("MEMORY_TEST_POSTGRES") ?? await StartPostgresAsync();
        string redis = Environment.GetEnvironmentVariable("MEMORY_TEST_REDIS") ?? await StartRedisAsync();
        string template = With(owner, s_template);
        await MigrateAsync(template);
        return new TestServers(owner, redis);
    }

    private static async Task<string> StartPostgresAsync()
    {
        NativePostgres postgres = await NativePostgres.StartAsync(
            new NativePostgresOptions { WalSegmentMegabytes = 1, Durable = false, MaxConnections = 300 }, CancellationToken.None);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => postgres.DisposeAsync().AsTask().GetAwaiter().GetResult();
        return postgres.ConnectionString;
    }

    private static async Task<string> StartRedisAsync()
    {
        NativeRedis redis = await NativeRedis.StartAsync(new NativeRedisOptions(), CancellationToken.None);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => redis.DisposeAsync().AsTask().GetAwaiter().GetResult();
        return redis.ConnectionString;
    }

    private static string With(string connection, string database) =>
        new NpgsqlConnectionStringBuilder(connection) { Database = database, Pooling = false }.ConnectionString;

    private static async Task ExecuteAsync(string connection, string text)
    {
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connection) { Pooling = false });
        await using NpgsqlCommand command = source.CreateCommand(text);
        await command.ExecuteNonQueryAsync();
    }
}
