using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;

namespace NativeProcesses;

/// <summary>
/// A private Postgres on the loopback, with password authentication (scram). As root it runs as the user <c>postgres</c>,
/// since the server refuses to run as root; otherwise as the user that starts it.
/// </summary>
public sealed class NativePostgres : IAsyncDisposable
{
    private readonly NativePostgresOptions _options;
    private readonly PostgresCluster _cluster;
    private ChildProcess? _server;

    private NativePostgres(NativePostgresOptions options, PostgresCluster cluster)
    {
        _options = options;
        _cluster = cluster;
        Password = options.Password ?? Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
    }

    public string Host { get; } = "127.0.0.1";

    public int Port { get; private set; }

    public string UserName => _options.UserName;

    public string Password { get; }

    /// <summary>Of the maintenance database <c>postgres</c>, as the superuser.</summary>
    public string ConnectionString => ConnectionStringFor("postgres");

    /// <summary>Of the server's main process; 0 while it is stopped.</summary>
    public int ProcessId => IsRunning ? _server!.Id : 0;

    public bool IsRunning => _server is { HasExited: false };

    /// <summary>Completes when the server's process ends, wanted or not.</summary>
    public Task<int> Exited => _server?.Exited ?? Task.FromResult(0);

    public string DataDirectory => _cluster.Data;

    public string LogFile => _cluster.Log;

    public string ConnectionStringFor(string database) =>
        $"Host={Host};Port={Port};Username={UserName};Password={Password};Database={database}";

    /// <exception cref="NativeToolMissingException">Postgres or its vector extension is not installed.</exception>
    /// <exception cref="NativeStartException">The server did not start, or another one uses the kept data.</exception>
    public static async Task<NativePostgres> StartAsync(NativePostgresOptions options, CancellationToken cancellationToken)
    {
        var cluster = await PostgresCluster.OpenAsync(options, cancellationToken);
        var postgres = new NativePostgres(options, cluster);
        try
        {
            await cluster.InitializeAsync(postgres.Password, cancellationToken);
            await postgres.StartServerAsync(options.Port, cancellationToken);
            return postgres;
        }
        catch
        {
            await postgres.DisposeAsync();
            throw;
        }
    }

    /// <summary>The data stays until this instance is disposed; <see cref="RestartAsync"/> brings the server back.</summary>
    public async Task StopAsync(PostgresStop mode = PostgresStop.Fast)
    {
        if (_server is null)
            return;
        var signal = mode switch
        {
            PostgresStop.Immediate => ChildSignal.Quit,
            PostgresStop.Smart => ChildSignal.Terminate,
            _ => ChildSignal.Interrupt,
        };
        await _server.StopAsync(signal, TimeSpan.FromSeconds(60));
    }

    /// <summary>Stops the server if it runs (it may have been killed) and starts it on the same port and data.</summary>
    public async Task RestartAsync(PostgresStop mode = PostgresStop.Fast, CancellationToken cancellationToken = default)
    {
        await StopAsync(mode);
        await StartServerAsync(Port, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(_cluster.IsTemporary ? PostgresStop.Immediate : PostgresStop.Fast);
        _cluster.Dispose();
    }

    private async Task StartServerAsync(int? port, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            Port = port ?? NativeTools.FreePort();
            await _cluster.AwaitFormerServerAsync(cancellationToken);
            var lastLines = new Queue<string>();
            _server = ChildProcess.Start(_cluster.ServerStart(Port, lastLines));
            if (await IsReadyAsync(_server, cancellationToken))
                break;

            var said = string.Join(" | ", lastLines.TakeLast(3));
            if (port is not null || attempt == 5 || !said.Contains("could not bind", StringComparison.Ordinal))
                throw new NativeStartException($"Postgres did not start ({_cluster.Log}): {said}");
        }

        await _cluster.PrepareAsync(Port, Password, cancellationToken);
    }

    private async Task<bool> IsReadyAsync(ChildProcess server, CancellationToken cancellationToken)
    {
        var waited = Stopwatch.StartNew();
        while (!server.HasExited)
        {
            if (_cluster.ReadPidFile() is [var id, _, _, _, _, _, _, var state, ..]
                && id.Trim() == server.Id.ToString(CultureInfo.InvariantCulture) && state.Trim() == "ready")
                return true;
            if (waited.Elapsed > _options.StartTimeout)
            {
                await server.StopAsync(ChildSignal.Quit);
                throw new NativeStartException($"Postgres was not ready after {_options.StartTimeout.TotalSeconds:0} s; see {_cluster.Log}.");
            }

            await Task.Delay(10, cancellationToken);
        }

        return false;
    }
}
