using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Memory.Core.Ingestion;

public sealed class IngestionOptions
{
    public const string Section = "Memory:Ingestion";

    /// <summary>Most messages taken into one batch. Default 20.</summary>
    [Range(1, 100)]
    public int BatchMessages { get; set; } = 20;

    /// <summary>Least importance, 0..1, of a message that facts are extracted from. Default 0.3.</summary>
    [Range(0.0, 1.0)]
    public double ImportanceThreshold { get; set; } = 0.3;

    /// <summary>How many lanes one process works on at a time. Default 4.</summary>
    [Range(1, 64)]
    public int Writers { get; set; } = 4;

    /// <summary>How long an idle writer waits before it looks again, in milliseconds; a Redis hint wakes it sooner. Default 500.</summary>
    [Range(10, 60_000)]
    public int PollMilliseconds { get; set; } = 500;

    /// <summary>Wait before a failed batch is tried again, in milliseconds; doubles with every attempt up to five minutes. Default 1000.</summary>
    [Range(10, 300_000)]
    public int RetryMilliseconds { get; set; } = 1_000;
}

[OptionsValidator]
internal sealed partial class IngestionOptionsValidator : IValidateOptions<IngestionOptions>;
