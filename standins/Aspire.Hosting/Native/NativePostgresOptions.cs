namespace NativeProcesses;

/// <summary>How a private Postgres is set up. Everything has a default that suits a throw-away server.</summary>
public sealed record NativePostgresOptions
{
    /// <summary>Keeps the data (in <c>data</c>, beside a log and a lock) for the next start; null means a temporary folder, gone at the end.</summary>
    public string? Directory { get; init; }

    public string UserName { get; init; } = "postgres";

    /// <summary>Null makes one up. With kept data it becomes the user's password even where it was another.</summary>
    public string? Password { get; init; }

    /// <summary>Null takes a free one.</summary>
    public int? Port { get; init; }

    /// <summary>Created when they are missing.</summary>
    public IReadOnlyList<string> Databases { get; init; } = [];

    /// <summary>MiB in a WAL file, a power of two; small files make a new cluster quicker. Only for a new cluster.</summary>
    public int WalSegmentMegabytes { get; init; } = 16;

    public string SharedBuffers { get; init; } = "128MB";

    public int MaxConnections { get; init; } = 100;

    /// <summary>False skips flushing to disk: quicker, safe against killed processes, not against a power cut.</summary>
    public bool Durable { get; init; } = true;

    /// <summary>Further server settings, as for <c>postgres -c name=value</c>; they win over the ones above.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(60);
}

/// <summary>The three ways in which Postgres stops.</summary>
public enum PostgresStop
{
    /// <summary>Ends sessions, writes a checkpoint.</summary>
    Fast,

    /// <summary>Like a crash: the next start recovers from the log.</summary>
    Immediate,

    /// <summary>Waits until every session has ended by itself.</summary>
    Smart,
}
