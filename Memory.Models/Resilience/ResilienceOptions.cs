using System.ComponentModel.DataAnnotations;

namespace Memory.Models;

/// <summary>
/// How a role's calls are held together, from the outside in: total time-out → concurrency → retry → circuit breaker →
/// attempt time-out. It is the only layer that retries.
/// </summary>
public sealed class ResilienceOptions
{
    /// <summary>Longest time of a call with all its attempts and waits, in seconds. Default 120; embed: 30.</summary>
    [Range(0.05, 3_600)]
    public double TotalTimeoutSeconds { get; set; } = 120;

    /// <summary>How many calls of the role one process makes at a time; more wait their turn. Default 8; embed: 16.</summary>
    [Range(1, 1_000)]
    public int Concurrency { get; set; } = 8;

    /// <summary>How often a deferrable or failed attempt is repeated. Default 2.</summary>
    [Range(0, 10)]
    public int Retries { get; set; } = 2;

    /// <summary>Bound of the first wait before a retry, in milliseconds; doubles each time, and the wait is drawn from 0 up to it. Default 500.</summary>
    [Range(1, 60_000)]
    public int RetryMilliseconds { get; set; } = 500;

    /// <summary>Longest wait before a retry, in seconds, Retry-After included: who asks for more is deferred. Default 20.</summary>
    [Range(0.001, 600)]
    public double LongestRetrySeconds { get; set; } = 20;

    /// <summary>How many retries there may be in a hundred calls, over time; a burst of ten is free. Default 10.</summary>
    [Range(0, 100)]
    public int RetryPercent { get; set; } = 10;

    /// <summary>Share of attempts, 0..1, that have to fail for the circuit to open. Default 0.5.</summary>
    [Range(0.01, 1.0)]
    public double BreakAtFailureRatio { get; set; } = 0.5;

    /// <summary>Over how long the share is taken, in seconds. Default 30.</summary>
    [Range(0.5, 600)]
    public double BreakSamplingSeconds { get; set; } = 30;

    /// <summary>Fewest attempts in that time that say anything. Default 10.</summary>
    [Range(2, 10_000)]
    public int BreakMinimumCalls { get; set; } = 10;

    /// <summary>How long the circuit stays open before one attempt may try, in seconds; doubles while that fails. Default 15.</summary>
    [Range(0.5, 3_600)]
    public double BreakSeconds { get; set; } = 15;

    /// <summary>Longest time the circuit stays open, in seconds. Default 30.</summary>
    [Range(0.5, 3_600)]
    public double LongestBreakSeconds { get; set; } = 30;

    /// <summary>Longest time of one attempt, in seconds; of a stream: until its first token, and between two. Default 45; embed: 10.</summary>
    [Range(0.01, 3_600)]
    public double AttemptTimeoutSeconds { get; set; } = 45;
}
