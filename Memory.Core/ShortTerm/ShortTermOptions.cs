using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Memory.Core.ShortTerm;

public sealed class ShortTermOptions
{
    public const string Section = "Memory:ShortTerm";

    /// <summary>How many turns of a conversation are kept at hand. Default 20.</summary>
    [Range(1, 200)]
    public int Turns { get; set; } = 20;

    /// <summary>
    /// How many turns are let go of at a time, so that a window begins with the same turn for as many: what a prompt starts with
    /// can then be cached. Default: half of <see cref="Turns"/>.
    /// </summary>
    [Range(1, 200)]
    public int? Block { get; set; }

    /// <summary>
    /// How many bytes of them are kept at hand, written as JSON: of long turns fewer than <see cref="Turns"/>, but always
    /// the newest. Default 65 536.
    /// </summary>
    [Range(1_024, 16 * 1024 * 1024)]
    public int Bytes { get; set; } = 64 * 1024;

    /// <summary>How long a silent conversation is kept at hand, in hours. Default 24.</summary>
    [Range(1, 24 * 30)]
    public int TtlHours { get; set; } = 24;

    /// <summary>
    /// Longest wait for Redis before the episodes are asked instead, in milliseconds; after it, it is left out for a second.
    /// Default 40.
    /// </summary>
    [Range(5, 5_000)]
    public int TimeoutMilliseconds { get; set; } = 40;
}

[OptionsValidator]
internal sealed partial class ShortTermOptionsValidator : IValidateOptions<ShortTermOptions>;
