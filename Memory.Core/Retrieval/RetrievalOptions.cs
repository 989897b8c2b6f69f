using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Memory.Core.Retrieval;

public sealed class RetrievalOptions
{
    public const string Section = "Memory:Retrieval";

    /// <summary>How many candidates each stage hands to the ranker. Default 50.</summary>
    [Range(1, 1_000)]
    public int Candidates { get; set; } = 50;

    /// <summary>How long a recall waits for the question's vector, in milliseconds; then words and names answer alone. Default 2000.</summary>
    [Range(10, 60_000)]
    public int EmbedMilliseconds { get; set; } = 2_000;

    /// <summary>Least score, 0..1, of what goes into a context; better nothing than junk. Default 0.15.</summary>
    [Range(0.0, 1.0)]
    public double RelevanceFloor { get; set; } = 0.15;

    /// <summary>Upper bound of the assembled context, in tokens of the chat model. Default 1500.</summary>
    [Range(100, 100_000)]
    public int TokenBudget { get; set; } = 1_500;

    /// <summary>Days after which recency lifts a memory half as much. Default 60.</summary>
    [Range(1, 3_650)]
    public int HalfLifeDays { get; set; } = 60;
}

[OptionsValidator]
internal sealed partial class RetrievalOptionsValidator : IValidateOptions<RetrievalOptions>;
