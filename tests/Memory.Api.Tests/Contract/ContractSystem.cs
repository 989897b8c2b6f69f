using System.Diagnostics;
using Memory.Testing;

namespace Memory.Api.Tests.Contract;

/// <summary>An API and a worker as they are installed, and the clients that people have, run by Node.js against them.</summary>
public sealed class ContractSystem : IAsyncLifetime
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(4);
    private static readonly string s_folder = Path.Combine(Checkout.Root, "tests", "Memory.Api.Tests", "Contract", "node");

    private readonly List<ServiceProcess> _processes = [];
    private readonly string _home = Directory.CreateTempSubdirectory("contract-home-").FullName;
    private Uri _host = null!;

    public async Task InitializeAsync()
    {
        if (!Directory.Exists(Path.Combine(s_folder, "node_modules")))
            throw new InvalidOperationException($"The clients are not installed: run ./test, or 'npm ci --ignore-scripts --legacy-peer-deps' in {s_folder}.");
        TestServers servers = await TestServers.SharedAsync();
        TestDatabase database = await servers.NewDatabaseAsync();
        _host = await Started("Memory.Api", Settings(database.Api, servers.Redis)).AddressAsync();
        await Started("Memory.Ingestor", Settings(database.Worker, servers.Redis)).AddressAsync();
    }

    /// <summary>Runs the tests of one client.</summary>
    /// <returns>What they said, if one of them failed; else empty.</returns>
    public async Task<string> RunAsync(string file)
    {
        var start = new ProcessStartInfo("node", ["--test", "--test-reporter=tap", file])
        {
            WorkingDirectory = s_folder, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["MEMORY_HOST"] = _host.AbsoluteUri.TrimEnd('/');
        start.Environment["MEMORY_KEY"] = TestServers.ApiKey;
        // Some of them keep settings at home.
        start.Environment["HOME"] = _home;
        start.Environment["MEM0_TELEMETRY"] = "false";
        using Process node = Process.Start(start)!;
        Task<string> said = node.StandardOutput.ReadToEndAsync(), complained = node.StandardError.ReadToEndAsync();
        using var patience = new CancellationTokenSource(s_patience);
        try
        {
            await node.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            node.Kill(entireProcessTree: true);
            return $"{file} did not end within {s_patience.TotalMinutes:0} minutes: {await said}";
        }

        return node.ExitCode == 0 && (await said).Contains("\n# fail 0", StringComparison.Ordinal) ? "" : $"{await said}\n{await complained}";
    }

    public async Task DisposeAsync()
    {
        foreach (ServiceProcess process in _processes)
            await process.DisposeAsync();
        Directory.Delete(_home, recursive: true);
    }

    // Receivers of webhooks are on this machine.
    private static Dictionary<string, string?> Settings(string memorydb, string redis) =>
        new(EngineHost.Settings(memorydb, redis)) { ["Memory:Webhooks:PrivateAddresses"] = "true" };

    private ServiceProcess Started(string project, IReadOnlyDictionary<string, string?> settings)
    {
        var process = ServiceProcess.Start(project, settings);
        _processes.Add(process);
        return process;
    }
}
