using System.Collections;
using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace NativeProcesses;

/// <summary>A private Redis on the loopback that asks for a password and keeps nothing on disk.</summary>
public sealed class NativeRedis : IAsyncDisposable
{
    private readonly NativeRedisOptions _options;
    private readonly string _program = NativeTools.RedisServer();
    private readonly TemporaryFolder _folder = new("redis");
    private ChildProcess? _server;

    private NativeRedis(NativeRedisOptions options)
    {
        _options = options;
        Password = options.Password ?? Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
    }

    public string Host { get; } = "127.0.0.1";

    public int Port { get; private set; }

    public string Password { get; }

    /// <summary>As StackExchange.Redis reads it.</summary>
    public string ConnectionString => $"{Host}:{Port},password={Password}";

    /// <summary>0 while it is stopped.</summary>
    public int ProcessId => IsRunning ? _server!.Id : 0;

    public bool IsRunning => _server is { HasExited: false };

    /// <summary>Completes when the process ends, wanted or not.</summary>
    public Task<int> Exited => _server?.Exited ?? Task.FromResult(0);

    /// <exception cref="NativeToolMissingException">Redis is not installed.</exception>
    /// <exception cref="NativeStartException">The server did not start.</exception>
    public static async Task<NativeRedis> StartAsync(NativeRedisOptions options, CancellationToken cancellationToken)
    {
        var redis = new NativeRedis(options);
        try
        {
            await redis.StartServerAsync(options.Port, cancellationToken);
            return redis;
        }
        catch
        {
            await redis.DisposeAsync();
            throw;
        }
    }

    public Task StopAsync() => _server?.StopAsync() ?? Task.CompletedTask;

    /// <summary>From now on it answers nothing, though its connections stay open, until <see cref="Thaw"/>.</summary>
    public void Freeze() => _server?.Signal(ChildSignal.Stop);

    public void Thaw() => _server?.Signal(ChildSignal.Continue);

    /// <summary>Comes back empty, on the same port.</summary>
    public async Task RestartAsync(CancellationToken cancellationToken = default)
    {
        await StopAsync();
        await StartServerAsync(Port, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _folder.Dispose();
    }

    private async Task StartServerAsync(int? port, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            Port = port ?? NativeTools.FreePort();
            var said = new Queue<string>();
            _server = ChildProcess.Start(ServerStart(said));
            if (await IsReadyAsync(_server, cancellationToken))
                return;
            if (port is not null || attempt == 5)
                throw new NativeStartException($"Redis did not start on port {Port}: {string.Join(" | ", said.TakeLast(3))}");
        }
    }

    private ChildProcessStart ServerStart(Queue<string> said)
    {
        string[] arguments = [
            "--port", Port.ToString(CultureInfo.InvariantCulture), "--bind", Host, "--dir", _folder.Path, "--save", "",
            "--appendonly", "no", "--daemonize", "no", "--requirepass", Password,
            .. _options.Settings.SelectMany(setting => new[] { "--" + setting.Key, setting.Value })];
        var environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value ?? "");
        // A private copy may bring the few libraries along that the system lacks.
        if (Path.Combine(Path.GetDirectoryName(_program)!, "lib") is var libraries && Directory.Exists(libraries))
            environment["LD_LIBRARY_PATH"] = libraries;
        return new ChildProcessStart(_program, arguments)
        {
            Environment = environment,
            OnLine = line =>
            {
                lock (said)
                {
                    said.Enqueue(line);
                    if (said.Count > 20)
                        said.Dequeue();
                }
            },
        };
    }

    private async Task<bool> IsReadyAsync(ChildProcess server, CancellationToken cancellationToken)
    {
        var waited = Stopwatch.StartNew();
        while (!server.HasExited)
        {
            if (await PingAsync(cancellationToken))
                return !server.HasExited;
            if (waited.Elapsed > _options.StartTimeout)
                return false;
            await Task.Delay(10, cancellationToken);
        }

        return false;
    }

    private async Task<bool> PingAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(Host, Port, cancellationToken);
            var stream = client.GetStream();
            await stream.WriteAsync(Encoding.UTF8.GetBytes($"AUTH {Password}\r\nPING\r\n"), cancellationToken);
            using var reader = new StreamReader(stream);
            return await reader.ReadLineAsync(cancellationToken) == "+OK" && await reader.ReadLineAsync(cancellationToken) == "+PONG";
        }
        catch (Exception notYet) when (notYet is SocketException or IOException)
        {
            return false;
        }
    }
}
