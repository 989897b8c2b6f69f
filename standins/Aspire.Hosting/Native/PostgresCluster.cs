using System.Diagnostics;
using System.Globalization;

namespace NativeProcesses;

/// <summary>The files of one Postgres and the commands that work on them: folder, lock, initdb, server, psql.</summary>
internal sealed class PostgresCluster : IDisposable
{
    private readonly NativePostgresOptions _options;
    private readonly string _bin;
    private readonly TemporaryFolder _temporary = new("pg");
    private readonly string _folder;
    private FileStream? _lock;

    private PostgresCluster(NativePostgresOptions options, string bin)
    {
        _options = options;
        _bin = bin;
        _folder = options.Directory is { } kept ? Path.GetFullPath(kept) : _temporary.Path;
    }

    public bool IsTemporary => _options.Directory is null;

    public string Data => Path.Combine(_folder, "data");

    public string Log => Path.Combine(_folder, "log");

    // A socket's path may have 107 characters, so it never lies under the kept folder.
    private string SocketFolder => Path.Combine(_temporary.Path, "socket");

    public static async Task<PostgresCluster> OpenAsync(NativePostgresOptions options, CancellationToken cancellationToken)
    {
        var cluster = new PostgresCluster(options, NativeTools.PostgresBin());
        try
        {
            Directory.CreateDirectory(cluster._folder);
            cluster.TakeLock();
            await ServerUser.OwnFolderAsync(cluster.SocketFolder, cancellationToken);
            await ServerUser.OwnFolderAsync(cluster.Data, cancellationToken);
            return cluster;
        }
        catch
        {
            cluster.Dispose();
            throw;
        }
    }

    public async Task InitializeAsync(string password, CancellationToken cancellationToken)
    {
        var major = Path.GetFileName(Path.GetDirectoryName(_bin))!;
        var versionFile = Path.Combine(Data, "PG_VERSION");
        if (File.Exists(versionFile))
        {
            var made = (await File.ReadAllTextAsync(versionFile, cancellationToken)).Trim();
            if (made != major && char.IsAsciiDigit(major[0]))
                throw new NativeStartException($"The data in {Data} was made by Postgres {made}, but {major} is installed.");
            return;
        }

        // A start that was killed half-way through initdb leaves files without PG_VERSION last; nothing is lost with them.
        foreach (var leftover in Directory.EnumerateFileSystemEntries(Data))
            Remove(leftover);
        // Only the server's user can enter the folder in which the password lies for a moment.
        var passwordFile = Path.Combine(SocketFolder, "password");
        await File.WriteAllTextAsync(passwordFile, password + "\n", cancellationToken);
        await RunAsync("initdb", [
            "-D", Data, "-U", _options.UserName, $"--pwfile={passwordFile}", "--auth-local=trust", "--auth-host=scram-sha-256",
            "-E", "UTF8", "--locale=C.UTF-8", "--no-sync", $"--wal-segsize={_options.WalSegmentMegabytes}"], "", cancellationToken);
        File.Delete(passwordFile);
    }

    public ChildProcessStart ServerStart(int port, Queue<string> lastLines)
    {
        var settings = new Dictionary<string, string>
        {
            ["listen_addresses"] = "127.0.0.1",
            ["unix_socket_directories"] = SocketFolder,
            ["shared_buffers"] = _options.SharedBuffers,
            ["max_connections"] = _options.MaxConnections.ToString(CultureInfo.InvariantCulture),
            ["fsync"] = _options.Durable ? "on" : "off",
            ["full_page_writes"] = _options.Durable ? "on" : "off",
            ["synchronous_commit"] = _options.Durable ? "on" : "off",
        };
        foreach (var (name, value) in _options.Settings)
            settings[name] = value;

        string[] server = [
            Path.Combine(_bin, "postgres"), "-D", Data, "-p", port.ToString(CultureInfo.InvariantCulture),
            .. settings.SelectMany(setting => new[] { "-c", $"{setting.Key}={setting.Value}" })];
        var command = ServerUser.Command(server);
        return new ChildProcessStart(command[0], command[1..])
        {
            StopSignal = IsTemporary ? ChildSignal.Quit : ChildSignal.Interrupt,
            OnLine = line => Record(line, lastLines),
        };
    }

    /// <summary>Once the server runs: the user's password and the wanted databases.</summary>
    public Task PrepareAsync(int port, string password, CancellationToken cancellationToken)
    {
        // Through the socket, which only the server's own user can reach, no password is asked.
        var script = $"set log_statement = 'none';\nset password_encryption = 'scram-sha-256';\nalter user {Name(_options.UserName)} password {Text(password)};\n"
            + string.Concat(_options.Databases.Select(database =>
                $"select 'create database {Name(database).Replace("'", "''")}' where not exists (select from pg_database where datname = {Text(database)}) \\gexec\n"));
        return RunAsync("psql", [
            "-h", SocketFolder, "-p", port.ToString(CultureInfo.InvariantCulture), "-U", _options.UserName, "-d", "postgres",
            "-X", "-q", "-v", "ON_ERROR_STOP=1"], script, cancellationToken);
    }

    public string[]? ReadPidFile()
    {
        try
        {
            return File.ReadAllLines(Path.Combine(Data, "postmaster.pid"));
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Waits for a server that is still stopping, and clears away the pid file of one that is gone for good.</summary>
    public async Task AwaitFormerServerAsync(CancellationToken cancellationToken)
    {
        var waited = Stopwatch.StartNew();
        while (ReadPidFile() is [var line, ..] && int.TryParse(line, CultureInfo.InvariantCulture, out var id))
        {
            if (!IsOurServer(id))
            {
                // The number may belong to another process by now (a crash of the machine, a container that came back).
                File.Delete(Path.Combine(Data, "postmaster.pid"));
                return;
            }

            if (waited.Elapsed > TimeSpan.FromSeconds(15))
                throw new NativeStartException($"Another Postgres (process {id}) still uses {Data}.");
            await Task.Delay(50, cancellationToken);
        }
    }

    public void Dispose()
    {
        _temporary.Dispose();
        _lock?.Dispose();
    }

    private bool IsOurServer(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            if (process.ProcessName != "postgres")
                return false;
            var workingFolder = $"/proc/{id}/cwd";
            return !Directory.Exists("/proc/self")
                || new DirectoryInfo(workingFolder).LinkTarget is not { } folder
                || folder == Data;
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException)
        {
            return false;
        }
    }

    private void TakeLock()
    {
        var path = Path.Combine(_folder, "lock");
        try
        {
            _lock = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            throw new NativeStartException($"Another run already uses the data in {_folder}: stop it first (only one at a time).");
        }
    }

    private void Record(string line, Queue<string> lastLines)
    {
        lock (lastLines)
        {
            File.AppendAllText(Log, line + "\n");
            lastLines.Enqueue(line);
            if (lastLines.Count > 20)
                lastLines.Dequeue();
        }
    }

    private async Task RunAsync(string program, string[] arguments, string input, CancellationToken cancellationToken)
    {
        var (code, output) = await ShortCommand.RunAsync(
            ServerUser.Command([Path.Combine(_bin, program), .. arguments]), input, cancellationToken);
        if (code != 0)
            throw new NativeStartException($"{program} failed ({code}): {output.Trim().ReplaceLineEndings(" | ")}");
    }

    private static void Remove(string entry)
    {
        if (Directory.Exists(entry))
            Directory.Delete(entry, recursive: true);
        else
            File.Delete(entry);
    }

    private static string Name(string name) => $"\"{name.Replace("\"", "\"\"")}\"";

    private static string Text(string text) => $"'{text.Replace("'", "''")}'";
}
