using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Memory.Core.Ingestion.Tending;

public sealed class TendingOptions
{
    public const string Section = "Memory:Tending";

    /// <summary>How long an owner has to be quiet before its memory is tended, in seconds. Default 1800, half an hour.</summary>
    [Range(1, 7 * 24 * 3600)]
    public int IdleSeconds { get; set; } = 1_800;

    /// <summary>Whether a conversation that went quiet is summed up unasked. Default true.</summary>
    public bool Summaries { get; set; } = true;

    /// <summary>Whether near-duplicates are merged and missed contradictions flagged. Default true.</summary>
    public bool Consolidation { get; set; } = true;

    /// <summary>Least cosine similarity, 0..1, of two memories that are compared closely. Default 0.6.</summary>
    [Range(0.5, 1.0)]
    public double CloseSimilarity { get; set; } = 0.6;

    /// <summary>Most pairs of memories that are compared in one go. Default 50.</summary>
    [Range(1, 500)]
    public int MostPairs { get; set; } = 50;

    internal bool IsOn => Summaries || Consolidation;
}

[OptionsValidator]
internal sealed partial class TendingOptionsValidator : IValidateOptions<TendingOptions>;
