using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Memory.Core.Privacy.Rates;

public sealed class RateLimitOptions
{
    public const string Section = "Memory:RateLimits";

    /// <summary>Requests a second that a key may make in the long run, over all processes together; 0: as many as it likes. Default 5000.</summary>
    [Range(0, 1_000_000)]
    public int PerSecond { get; set; } = 5_000;

    /// <summary>Requests that a key which has rested may make at once. Default 10000.</summary>
    [Range(1, 10_000_000)]
    public int Burst { get; set; } = 10_000;

    /// <summary>Unknown keys a second that are looked up for one address, in each process; 0: as many as it sends. For what looks like a key, ten times
    /// as many of all addresses besides. Default 50.</summary>
    [Range(0, 1_000_000)]
    public int FailuresPerSecond { get; set; } = 50;

    /// <summary>Unknown keys that an address which has rested may send at once. Default 1000.</summary>
    [Range(1, 10_000_000)]
    public int FailureBurst { get; set; } = 1_000;

    /// <summary>Longest wait for Redis, in milliseconds; without an answer each process counts for itself. Default 40.</summary>
    [Range(1, 10_000)]
    public int RedisMilliseconds { get; set; } = 40;
}

[OptionsValidator]
internal sealed partial class RateLimitOptionsValidator : IValidateOptions<RateLimitOptions>;
