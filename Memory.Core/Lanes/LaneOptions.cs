using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Memory.Core.Lanes;

public sealed class LaneOptions
{
    public const string Section = "Memory:Lanes";

    /// <summary>How long a claim holds before another worker may take the lane over, in milliseconds. Default 30 000.</summary>
    [Range(100, 600_000)]
    public int LeaseMilliseconds { get; set; } = 30_000;

    /// <summary>How long a lane rests after a message before it is claimed, so that a burst becomes one batch, in milliseconds. Default 200.</summary>
    [Range(0, 60_000)]
    public int QuietMilliseconds { get; set; } = 200;

    /// <summary>
    /// How old an owner's oldest message that is not distilled may be before no more are taken, in seconds; 0: without
    /// limit. Default 86 400, a day: a model that is away overnight is no reason to refuse what is said.
    /// </summary>
    [Range(0, 30 * 24 * 3600)]
    public int QueueAgeSeconds { get; set; } = 86_400;
}

[OptionsValidator]
internal sealed partial class LaneOptionsValidator : IValidateOptions<LaneOptions>;
