using System.Text;
using System.Text.RegularExpressions;
using Memory.Testing;
using Memory.Testing.Models;

namespace AspireMemory.Tests;

/// <summary>
/// The services as processes that log everything there is to log, on a scripted provider; whatever they let out is kept.
/// </summary>
public sealed partial class CanarySystem : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(120);
    private static readonly string[] s_services = ["Memory.Api", "Memory.Ingestor", "Chat.Agent"];

    private readonly OtlpSink _sink = new();
    private readonly Dictionary<string, ServiceProcess> _processes = [];
    private readonly Dictionary<string, HttpClient> _clients = [];
    private string _eventErrors = "";

    private CanarySystem(ScriptedModelServer models) => Models = models;

    public ScriptedModelServer Models { get; }

    public TestDatabase Database { get; private set; } = null!;

    /// <summary>With the API key.</summary>
    public HttpClient Api => _clients["Memory.Api"];

    public HttpClient Agent => _clients["Chat.Agent"];

    [GeneratedRegex(@"Now listening on: (?<address>http://\S+)")]
    private static partial Regex Listening { get; }

    public static async Task<CanarySystem> StartAsync(ScriptedModelServer models)
    {
        var system = new CanarySystem(models);
        await models.StartAsync();
        await system._sink.StartAsync();
        TestServers servers = await TestServers.SharedAsync();
        system.Database = await servers.NewDatabaseAsync();
        await system.StartAsync("Memory.Api", EngineHost.Settings(system.Database.Api, servers.Redis));
        await system.StartAsync("Memory.Ingestor", EngineHost.Settings(system.Database.Worker, servers.Redis));
        await system.StartAsync("Chat.Agent", new()
        {
            ["services:memory-api:http:0"] = $"{system.Api.BaseAddress}",
            ["Memory:Client:ApiKey"] = TestServers.ApiKey,
            ["Memory:Client:RecallMilliseconds"] = "20000",
            ["Memory:Client:AppendMilliseconds"] = "20000",
        });
        system.Api.DefaultRequestHeaders.Add("Authorization", $"Token {TestServers.ApiKey}");
        return system;
    }

    /// <summary>Waits until every event is done or says why not, and notes that: once it is done it says nothing any more.</summary>
    public async Task UntilTriedAsync()
    {
        await Database.UntilAsync("select not exists (select from events where status <> 'SUCCEEDED' and error is null)");
        _eventErrors = await Database.ScalarAsync<string>("select coalesce(string_agg(distinct error, chr(10)), '') from events");
    }

    /// <summary>Waits until every event is done, without the pauses that failures brought.</summary>
    public async Task UntilDoneAsync()
    {
        using var patience = new CancellationTokenSource(s_patience);
        while (await Database.ScalarAsync<bool>("select exists (select from events where status <> 'SUCCEEDED')"))
        {
            // Again and again: what was asked before the models were good again may yet fail.
            await Database.ExecuteAsync("update lanes set ready_at = now() where ready_at > now()");
            await Task.Delay(250, patience.Token);
        }
    }

    /// <summary>Waits until all telemetry so far has arrived, and gives everything that has left the services since they started, by where.</summary>
    public async Task<IReadOnlyDictionary<string, string>> LetOutAsync()
    {
        using var patience = new CancellationTokenSource(s_patience);
        foreach (string service in s_services)
        {
            // A request to nowhere is logged and traced: when that has arrived, so has what came before.
            string last = $"last-{Guid.NewGuid():N}";
            (await _clients[service].GetAsync($"/{last}", patience.Token)).Dispose();
            while (!Telemetry("logs").Contains(last, StringComparison.Ordinal) || !Telemetry("traces").Contains(last, StringComparison.Ordinal) || Telemetry("metrics").Length == 0)
                await Task.Delay(100, patience.Token);
        }

        Dictionary<string, string> letOut = s_services.ToDictionary(service => $"the console of {service}", service => _processes[service].Output);
        foreach (string signal in (string[])["logs", "traces", "metrics"])
            letOut[signal] = Telemetry(signal);
        letOut["errors of events"] = _eventErrors;
        letOut["the audit log"] = await Database.ScalarAsync<string>("select coalesce(string_agg(audit::text, chr(10)), '') from audit");
        return letOut;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (HttpClient client in _clients.Values)
            client.Dispose();
        foreach (ServiceProcess process in _processes.Values)
            await process.DisposeAsync();
        await _sink.DisposeAsync();
        await Models.DisposeAsync();
    }

    private async Task StartAsync(string service, Dictionary<string, string?> own)
    {
        Dictionary<string, string?> settings = new(ModelSettings.For(Models).Concat(own))
        {
            ["OTEL_SERVICE_NAME"] = service,
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = _sink.Address,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "100",
            ["OTEL_BLRP_SCHEDULE_DELAY"] = "100",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "500",
            ["Memory:Ingestion:RetryMilliseconds"] = "300",
            ["Memory:Ingestion:DeferMilliseconds"] = "300",
            // Nothing is given up before its fault is over, however long the others take.
            ["Memory:Ingestion:MaxAttempts"] = "100",
        };
        foreach ((string name, string value) in ModelSettings.Credentials)
            settings[name] = value;
        foreach (string role in (string[])["Extract", "Reconcile", "Chat", "Embed"])
            settings[$"Memory:Models:{role}:Resilience:AttemptTimeoutSeconds"] = "5";
        foreach (string category in (string[])["Default", "Microsoft.AspNetCore", "Microsoft.Extensions.Diagnostics.HealthChecks", "Npgsql", "System.Net.Http.HttpClient"])
            settings[$"Logging:LogLevel:{category}"] = "Trace";

        ServiceProcess process = ServiceProcess.Start(service, settings);
        _processes[service] = process;
        await process.UntilAsync("Application started");
        _clients[service] = new HttpClient { BaseAddress = new Uri(Listening.Match(process.Output).Groups["address"].Value), Timeout = s_patience };
    }

    private string Telemetry(string signal) =>
        string.Concat(_sink.Sent.Where(sent => sent.Signal == signal).Select(sent => Encoding.UTF8.GetString(sent.Body)));
}
