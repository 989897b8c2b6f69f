using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Memory.Core.LongTerm;

public sealed class VectorIndexOptions
{
    public const string Section = "Memory:Vectors";

    /// <summary>
    /// Current vectors of one owner from which a search compares signs first and vectors only of the nearest by these. Below,
    /// every vector is compared. Default 50000.
    /// </summary>
    [Range(1, 100_000_000)]
    public int SignsFrom { get; set; } = 50_000;

    /// <summary>Least number of vectors that are compared after the signs were. More finds more, and takes longer. Default 2000.</summary>
    [Range(10, 1_000_000)]
    public int Reranked { get; set; } = 2_000;

    /// <summary>How many times as many vectors as are asked for are compared at least, after the signs were. Default 20.</summary>
    [Range(1, 1_000)]
    public int RerankedPerResult { get; set; } = 20;

    /// <summary>Minutes for which it is remembered how many vectors an owner has. Default 10.</summary>
    [Range(1, 1_440)]
    public int RecountMinutes { get; set; } = 10;
}

[OptionsValidator]
internal sealed partial class VectorIndexOptionsValidator : IValidateOptions<VectorIndexOptions>;
