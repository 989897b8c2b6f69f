using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Memory.Core.Episodic;

public sealed class EpisodicOptions
{
    public const string Section = "Memory:Episodic";

    /// <summary>How long an idempotency key is known, in hours; longer than any client tries again. Default 48.</summary>
    [Range(24, 24 * 365)]
    public int IdempotencyHours { get; set; } = 48;
}

[OptionsValidator]
internal sealed partial class EpisodicOptionsValidator : IValidateOptions<EpisodicOptions>;
