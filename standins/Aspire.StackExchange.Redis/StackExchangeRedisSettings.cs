namespace Aspire.StackExchange.Redis;

/// <summary>What <c>Aspire:StackExchange:Redis</c>, and the same with <c>:{name}</c> over it, may set.</summary>
public sealed class StackExchangeRedisSettings
{
    /// <summary><c>ConnectionStrings:{name}</c> wins over it.</summary>
    public string? ConnectionString { get; set; }

    public bool DisableHealthChecks { get; set; }

    public bool DisableTracing { get; set; }

    /// <summary>False connects at start-up, true at first use. Default true.</summary>
    public bool DisableAutoActivation { get; set; } = true;
}
