namespace NativeProcesses;

/// <summary>How a private Redis is set up.</summary>
public sealed record NativeRedisOptions
{
    /// <summary>Null makes one up.</summary>
    public string? Password { get; init; }

    /// <summary>Null takes a free one.</summary>
    public int? Port { get; init; }

    /// <summary>Further settings, as for <c>redis-server --name value</c>.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(20);
}
