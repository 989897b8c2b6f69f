using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using NativeProcesses;

namespace Aspire.Hosting.Runner;

/// <summary>The Aspire dashboard: one that already listens, or our own where the Aspire command line is installed.</summary>
internal sealed class Dashboard : IAsyncDisposable
{
    private const string OtlpKey = "ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL";
    private readonly ChildProcess? _process;

    private Dashboard(string otlp, string? url, ChildProcess? process)
    {
        _process = process;
        Url = url;
        Environment = new Dictionary<string, string>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = otlp,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "grpc",
            ["OTEL_BLRP_SCHEDULE_DELAY"] = "1000",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "1000",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "1000",
            ["OTEL_TRACES_SAMPLER"] = "always_on",
            ["OTEL_METRICS_EXEMPLAR_FILTER"] = "trace_based",
        };
    }

    public string? Url { get; }

    /// <summary>What the services get, so that their telemetry arrives here within a second.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; }

    public static async Task<Dashboard?> StartAsync(IConfiguration configuration, RunnerConsole console, CancellationToken cancellationToken)
    {
        var wanted = configuration[OtlpKey] is { Length: > 0 } address ? new Uri(address) : null;
        if (wanted is not null && (!wanted.IsLoopback || !NativeTools.IsFree(wanted.Port)))
            return new Dashboard(wanted.ToString().TrimEnd('/'), null, null);
        if (Program() is not { } program)
            return null;

        var otlp = $"http://localhost:{Port(wanted, 4317)}";
        var page = configuration["ASPNETCORE_URLS"]?.Split(';').FirstOrDefault(url => url.StartsWith("http://", StringComparison.Ordinal));
        var url = $"http://localhost:{Port(page is null ? null : new Uri(page), 18888)}";
        var said = new System.Collections.Concurrent.ConcurrentQueue<string>();
        var process = ChildProcess.Start(new ChildProcessStart(program, [
            "dashboard", "run", "--non-interactive", "--nologo", "--allow-anonymous",
            "--frontend-url", Loopback(url), "--otlp-grpc-url", Loopback(otlp), "--otlp-http-url", $"http://127.0.0.1:{NativeTools.FreePort()}"])
        {
            Environment = OwnEnvironment.Inherited(),
            OnLine = line => said.Enqueue(line),
            WholeGroup = true,
        });
        if (await AnswersAsync(url, process, cancellationToken))
            return new Dashboard(otlp, url, process);

        console.Say($"The Aspire dashboard did not start, everything else does: {string.Join(" | ", said)}");
        await process.DisposeAsync();
        return null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await _process.StopAsync(grace: TimeSpan.FromSeconds(5));
    }

    private static string? Program()
    {
        if (System.Environment.GetEnvironmentVariable("ASPIRE_CLI_PATH") is { Length: > 0 } chosen)
            return File.Exists(chosen) ? chosen : null;
        var packages = Path.Combine(NativeTools.CacheRoot, "dashboard/node_modules/@microsoft");
        return Directory.Exists(packages)
            ? Directory.EnumerateDirectories(packages, "aspire-cli-*").Select(package => Path.Combine(package, "bin/aspire")).FirstOrDefault(File.Exists)
            : null;
    }

    private static int Port(Uri? wanted, int usual)
    {
        var port = wanted?.Port ?? usual;
        return NativeTools.IsFree(port) ? port : NativeTools.FreePort();
    }

    private static string Loopback(string url) => url.Replace("localhost", "127.0.0.1");

    private static async Task<bool> AnswersAsync(string url, ChildProcess process, CancellationToken cancellationToken)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false });
        // The first start unpacks the dashboard, which takes some seconds.
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < TimeSpan.FromSeconds(40) && !process.HasExited;)
        {
            try
            {
                using var answer = await client.GetAsync(new Uri(Loopback(url)), cancellationToken);
                return true;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(100, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                await process.DisposeAsync();
                throw;
            }
        }

        return false;
    }
}
