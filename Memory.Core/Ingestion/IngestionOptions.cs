using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Memory.Core.Ingestion;

public sealed class IngestionOptions
{
    public const string Section = "Memory:Ingestion";

    /// <summary>Most messages taken into one batch. Default 20.</summary>
    [Range(1, 100)]
    public int BatchMessages { get; set; } = 20;

    /// <summary>Most tokens of a batch's messages, at four characters each; one message is always taken. Default 8000.</summary>
    [Range(100, 1_000_000)]
    public int BatchTokens { get; set; } = 8_000;

    /// <summary>Least importance, 0..1, of a message that facts are extracted from. Default 0.3.</summary>
    [Range(0.0, 1.0)]
    public double ImportanceThreshold { get; set; } = 0.3;

    /// <summary>How many lanes one process works on at a time. Default 4.</summary>
    [Range(1, 64)]
    public int Writers { get; set; } = 4;

    /// <summary>
    /// How long an idle writer waits at least before it looks again, in milliseconds; at most twice as long, and twice that with
    /// every time that nothing is there, up to <see cref="LongestPollMilliseconds"/>. A Redis hint wakes it sooner. Default 250.
    /// </summary>
    [Range(10, 60_000)]
    public int PollMilliseconds { get; set; } = 250;

    /// <summary>The longest wait of an idle writer, in milliseconds: without Redis a message waits no longer to be seen. Default 2000.</summary>
    [Range(10, 60_000)]
    public int LongestPollMilliseconds { get; set; } = 2_000;

    /// <summary>How long a batch may go on after the service was told to stop, in milliseconds; then it is released. Default 5000.</summary>
    [Range(0, 9_000)]
    public int StopMilliseconds { get; set; } = 5_000;

    /// <summary>
    /// How often a message is tried alone before it becomes a dead letter. A batch of several is tried fewer times, then in
    /// halves. Default 5.
    /// </summary>
    [Range(1, 100)]
    public int MaxAttempts { get; set; } = 5;

    /// <summary>Wait before a failed batch is tried again, in milliseconds; four times as long with every attempt, up to five minutes. Default 1000.</summary>
    [Range(10, 300_000)]
    public int RetryMilliseconds { get; set; } = 1_000;

    /// <summary>Wait before a lane is looked at again whose model cannot be asked and says not when, in milliseconds. No attempt is used up. Default 5000.</summary>
    [Range(10, 300_000)]
    public int DeferMilliseconds { get; set; } = 5_000;

    /// <summary>How many of the nearest memories a model is shown for each fact. Default 5.</summary>
    [Range(1, 50)]
    public int ReconcileCandidates { get; set; } = 5;

    /// <summary>Least cosine similarity, 0..1, of a memory that a model is shown; a fact without any is added without a call. Default 0.3.</summary>
    [Range(0.0, 1.0)]
    public double ReconcileSimilarity { get; set; } = 0.3;
}

[OptionsValidator]
internal sealed partial class IngestionOptionsValidator : IValidateOptions<IngestionOptions>;
