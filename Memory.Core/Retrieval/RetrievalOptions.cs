using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Memory.Core.Retrieval;

public sealed class RetrievalOptions
{
    public const string Section = "Memory:Retrieval";

    /// <summary>How many candidates each stage hands to the ranker. Default 50.</summary>
    [Range(1, 1_000)]
    public int Candidates { get; set; } = 50;

    /// <summary>How many turns are read to be ranked, besides as many as are asked for. Default 100.</summary>
    [Range(1, 1_000)]
    public int TurnCandidates { get; set; } = 100;

    /// <summary>Longest wait for a stage that the others can do without, in milliseconds; then it is named as degraded. Default 250.</summary>
    [Range(1, 60_000)]
    public int StageMilliseconds { get; set; } = 250;

    /// <summary>Longest wait for what Postgres must answer, in milliseconds; then the recall is an error. Default 900.</summary>
    [Range(1, 60_000)]
    public int SearchMilliseconds { get; set; } = 900;

    /// <summary>How many explained recalls of a project can be read again, for a day. Default 200.</summary>
    [Range(1, 100_000)]
    public int TracesKept { get; set; } = 200;

    /// <summary>How long a recall waits for the question's vector, in milliseconds; then words and names answer alone. Default 2000.</summary>
    [Range(10, 60_000)]
    public int EmbedMilliseconds { get; set; } = 2_000;

    /// <summary>Least score, 0..1, of what is recalled where the caller names none; better nothing than junk. Default 0.2.</summary>
    [Range(0.0, 1.0)]
    public double RelevanceFloor { get; set; } = 0.2;

    /// <summary>There too: least share of the best memory's score that another has to have, 0..1. Default 0.6.</summary>
    [Range(0.0, 1.0)]
    public double RelevantShare { get; set; } = 0.6;

    /// <summary>Upper bound of the assembled context, in tokens of the chat model. Default 1500.</summary>
    [Range(100, 100_000)]
    public int TokenBudget { get; set; } = 1_500;
}

[OptionsValidator]
internal sealed partial class RetrievalOptionsValidator : IValidateOptions<RetrievalOptions>;
