using Memory.Testing.Models;
using Npgsql;

namespace Memory.Testing.Faults;

/// <summary>
/// The write path as it is installed, in real processes around a database of its own: APIs, workers, scripted models, a
/// fault proxy on every link, and a history of what clients asked for and were answered. One seed decides what varies.
/// </summary>
public sealed class FaultRig : IAsyncDisposable
{
    private const string Api = "Memory.Api";
    private const string Worker = "Memory.Ingestor";

    private readonly Dictionary<string, string?> _settings;
    private readonly List<ServiceProcess> _processes = [];
    private readonly List<FaultProxy> _links;
    private readonly string _folder = Directory.CreateTempSubdirectory("fault-rig-").FullName;

    private FaultRig(FaultServers servers, TestDatabase database, ScriptedOpenAi models, RigOptions options)
    {
        (Servers, Database, Models, Options) = (servers, database, models, options);
        Client = new RigClient(History);
        (ApiToPostgres, WorkerToPostgres) = (new FaultProxy(servers.Postgres.Port, options.Seed), new FaultProxy(servers.Postgres.Port, options.Seed));
        ToRedis = new FaultProxy(servers.Redis.Port, options.Seed);
        _links = [ApiToPostgres, WorkerToPostgres, ToRedis];
        _settings = options.IsBuiltin ? [] : ModelSettings.For(models);
    }

    public RigOptions Options { get; }

    public FaultServers Servers { get; }

    public TestDatabase Database { get; }

    public ScriptedOpenAi Models { get; }

    public History History { get; } = new();

    public RigClient Client { get; }

    public FaultProxy ApiToPostgres { get; }

    public FaultProxy WorkerToPostgres { get; }

    public FaultProxy ToRedis { get; }

    public TimeSpan Lease => TimeSpan.FromMilliseconds(Options.LeaseMilliseconds);

    /// <summary>How long after a fault, or after its last step forward, a lane is stuck.</summary>
    public TimeSpan Recovery => Lease + TimeSpan.FromSeconds(10);

    public static async Task<FaultRig> StartAsync(FaultServers servers, RigOptions options)
    {
        var models = new ScriptedOpenAi { Script = RigModels.Answer };
        await models.StartAsync();
        return new FaultRig(servers, await servers.NewDatabaseAsync(), models, options);
    }

    /// <summary>Without waiting: it may be killed before it says anything.</summary>
    /// <param name="failPoints">As MEMORY_FAILPOINTS.</param>
    public RigProcess StartWorker(string failPoints = "", IReadOnlyDictionary<string, string?>? settings = null) =>
        Start(Worker, Through(Database.Worker, WorkerToPostgres), failPoints, settings);

    /// <summary>Resolves once it works.</summary>
    public async Task<RigProcess> StartWorkerAsync(IReadOnlyDictionary<string, string?>? settings = null)
    {
        RigProcess started = StartWorker("", settings);
        await started.Process.AddressAsync();
        return started;
    }

    /// <summary>Resolves once it answers.</summary>
    /// <param name="failPoints">As MEMORY_FAILPOINTS.</param>
    public async Task<RigProcess> StartApiAsync(string failPoints = "", IReadOnlyDictionary<string, string?>? settings = null)
    {
        RigProcess started = Start(Api, Through(Database.Api, ApiToPostgres), failPoints, settings);
        return started with { Address = await started.Process.AddressAsync() };
    }

    /// <summary>A link of its own from clients to one API.</summary>
    public FaultProxy LinkTo(RigProcess api)
    {
        var link = new FaultProxy(api.Address.Port, Options.Seed);
        _links.Add(link);
        return link;
    }

    /// <summary>Runs a test; when it fails, what clients and processes saw is kept under artifacts/faults.</summary>
    /// <param name="name">The test's, with what it was drawn from.</param>
    public async Task RunAsync(string name, Func<Task> test)
    {
        try
        {
            await test();
        }
        catch (Exception cause)
        {
            throw new InvalidOperationException($"{name}: {cause.Message} (kept in {Keep(name)})", cause);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (ServiceProcess process in _processes)
            await process.DisposeAsync();
        foreach (FaultProxy link in _links)
            await link.DisposeAsync();
        Client.Dispose();
        await Models.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private RigProcess Start(string project, string memorydb, string failPoints, IReadOnlyDictionary<string, string?>? own)
    {
        string log = Path.Combine(_folder, $"{_processes.Count}.fired");
        var redis = $"127.0.0.1:{ToRedis.Port},password={Servers.Redis.Password}";
        Dictionary<string, string?> settings = new(EngineHost.Settings(memorydb, redis))
        {
            ["Memory:ShortTerm:TimeoutMilliseconds"] = "200",
            // As the product comes: whoever waits for an answer that was swallowed waits for so long.
            ["Memory:Storage:CommandSeconds"] = "5",
            // As the AppHost has it; the tests of the engine do without.
            ["Memory:Storage:PreparedStatements"] = "true",
            ["Memory:Lanes:LeaseMilliseconds"] = $"{Options.LeaseMilliseconds}",
            ["Memory:Ingestion:PollMilliseconds"] = "50",
            ["Memory:Ingestion:LongestPollMilliseconds"] = "100",
            ["Memory:Ingestion:RetryMilliseconds"] = "20",
            ["Memory:Ingestion:DeferMilliseconds"] = "50",
            ["Memory:Ingestion:MaxAttempts"] = $"{Options.MaxAttempts}",
            ["MEMORY_FAILPOINTS"] = failPoints,
            ["MEMORY_FAILPOINT_LOG"] = log,
            // Several of them share a small machine.
            ["DOTNET_gcServer"] = "0",
            ["DOTNET_TieredPGO"] = "0",
        };
        foreach ((string name, string? value) in _settings.Concat(Options.Settings).Concat(own ?? new Dictionary<string, string?>()))
            settings[name] = value;
        var process = ServiceProcess.Start(project, settings);
        _processes.Add(process);
        return new RigProcess(process, log);
    }

    // What was said to a process is kept beside what it did.
    private string Keep(string name)
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "../../../faults", name);
        History.Save(Path.Combine(folder, "history.jsonl"));
        for (var i = 0; i < _processes.Count; i++)
            File.WriteAllText(Path.Combine(folder, $"process-{i}.log"), _processes[i].Output);
        File.Copy(Servers.Postgres.LogFile, Path.Combine(folder, "postgres.log"), overwrite: true);
        return Path.GetFullPath(folder);
    }

    private static string Through(string connection, FaultProxy link) =>
        new NpgsqlConnectionStringBuilder(connection) { Host = "127.0.0.1", Port = link.Port }.ConnectionString;
}
