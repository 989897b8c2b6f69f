using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace NativeProcesses;

/// <summary>Where this machine keeps Postgres (with pgvector) and Redis, and free ports on the loopback.</summary>
public static class NativeTools
{
    private static readonly HashSet<int> s_handedOut = [];

    /// <summary>Folder of what is set up once and kept outside the checkout; <c>ASPIREMEMORY_CACHE</c> moves it.</summary>
    public static string CacheRoot
    {
        get
        {
            if (Variable("ASPIREMEMORY_CACHE") is { } chosen)
                return Path.GetFullPath(chosen);
            if (IsRoot)
                return "/var/cache/aspirememory";
            var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
            return Path.Combine(Variable("XDG_CACHE_HOME") ?? Path.Combine(home, ".cache"), "aspirememory");
        }
    }

    public static bool IsRoot { get; } = Environment.IsPrivilegedProcess;

    /// <summary>The folder with <c>initdb</c> and <c>postgres</c> of a Postgres that has the vector extension.</summary>
    /// <exception cref="NativeToolMissingException">There is none; the message says what to install.</exception>
    public static string PostgresBin()
    {
        if (Variable("MEMORY_PG_BIN") is { } chosen)
        {
            return File.Exists(Path.Combine(chosen, "initdb"))
                ? RequireVector(chosen)
                : throw new NativeToolMissingException($"MEMORY_PG_BIN={chosen} holds no initdb.");
        }

        var installed = Versions(Path.Combine(CacheRoot, "postgres/usr/lib/postgresql"))
            .Concat(Versions("/usr/lib/postgresql"))
            .ToList();
        if (installed.Count == 0)
        {
            throw new NativeToolMissingException(
                "Postgres is missing: install the packages postgresql and postgresql-NN-pgvector, or start with ./run, which sets up a private one.");
        }

        return installed.Find(HasVector) ?? RequireVector(installed[0]);
    }

    /// <exception cref="NativeToolMissingException">There is none; the message says what to install.</exception>
    public static string RedisServer()
    {
        var searched = new List<string> { Path.Combine(CacheRoot, "redis/redis-server") };
        if (Variable("MEMORY_REDIS_SERVER") is { } chosen)
            searched.Insert(0, chosen);
        return searched.Find(File.Exists) ?? OnPath("redis-server") ?? throw new NativeToolMissingException(
            "Redis is missing: install the package redis-server, or start with ./run, which sets up a private one.");
    }

    /// <summary>Full path of a program on PATH, or null.</summary>
    public static string? OnPath(string program) =>
        (Variable("PATH") ?? "/usr/bin:/bin").Split(':')
            .Concat(["/usr/bin", "/bin", "/usr/sbin", "/sbin"])
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(File.Exists);

    /// <summary>A port nobody listens on, below the range from which systems take the ports of outgoing connections.</summary>
    public static int FreePort()
    {
        for (var attempt = 0; attempt < 1_000; attempt++)
        {
            var port = Random.Shared.Next(20_000, 30_000);
            lock (s_handedOut)
            {
                if (!s_handedOut.Contains(port) && IsFree(port) && s_handedOut.Add(port))
                    return port;
            }
        }

        throw new InvalidOperationException("No free port between 20000 and 30000.");
    }

    /// <summary>Whether both loopback addresses are free: <c>localhost</c> may mean either.</summary>
    public static bool IsFree(int port) =>
        CanListen(IPAddress.Loopback, port) && (!Socket.OSSupportsIPv6 || CanListen(IPAddress.IPv6Loopback, port));

    private static bool CanListen(IPAddress address, int port)
    {
        using var listener = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            listener.Bind(new IPEndPoint(address, port));
            listener.Listen(1);
            return true;
        }
        catch (SocketException failure)
        {
            return failure.SocketErrorCode is SocketError.AddressNotAvailable or SocketError.AddressFamilyNotSupported;
        }
    }

    private static IEnumerable<string> Versions(string folder) =>
        !Directory.Exists(folder)
            ? []
            : Directory.GetDirectories(folder)
                .Where(version => File.Exists(Path.Combine(version, "bin/initdb")))
                .OrderByDescending(version => double.TryParse(Path.GetFileName(version), CultureInfo.InvariantCulture, out var number) ? number : 0)
                .Select(version => Path.Combine(version, "bin"));

    private static bool HasVector(string bin)
    {
        var major = Path.GetFileName(Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(bin)))!;
        string[] places = [$"../../../../share/postgresql/{major}/extension", "../share/extension", "../share/postgresql/extension"];
        return places.Any(place => File.Exists(Path.Combine(bin, place, "vector.control")));
    }

    private static string RequireVector(string bin)
    {
        if (HasVector(bin))
            return bin;
        var major = Path.GetFileName(Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(bin)));
        throw new NativeToolMissingException(
            $"Postgres in {bin} lacks the vector extension: install the package postgresql-{major}-pgvector, or start with ./run, which sets up a private one.");
    }

    private static string? Variable(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
