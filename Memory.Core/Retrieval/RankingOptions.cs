using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Memory.Core.Retrieval;

/// <summary>
/// What each sign of relevance counts for. The defaults were found on conversations of two people over months; 0 (or 1 for
/// a factor) turns a sign off.
/// </summary>
public sealed class RankingOptions
{
    public const string Section = "Memory:Ranking";

    /// <summary>How soon a word said again stops to count: BM25's k1. Default 1.</summary>
    [Range(0.0, 10.0)]
    public double TermSaturation { get; set; } = 1;

    /// <summary>How much a long text is held against it, 0..1: BM25's b. Default 0.35.</summary>
    [Range(0.0, 1.0)]
    public double LengthShare { get; set; } = 0.35;

    /// <summary>Distinct words of a usual memory. Default 7.</summary>
    [Range(1, 1_000)]
    public int MemoryLength { get; set; } = 7;

    /// <summary>Distinct words of a usual turn. Default 12.</summary>
    [Range(1, 1_000)]
    public int TurnLength { get; set; } = 12;

    /// <summary>How far shared words, a near vector and a named entity are believed at their best, 0..1.</summary>
    [Range(0.0, 1.0)]
    public double Keyword { get; set; } = 0.75;

    [Range(0.0, 1.0)]
    public double Semantic { get; set; } = 0.8;

    [Range(0.0, 1.0)]
    public double Entity { get; set; } = 0.12;

    /// <summary>The same of an entity where the question has no words of its own ("and what about her?"). Default 0.5.</summary>
    [Range(0.0, 1.0)]
    public double EntityAlone { get; set; } = 0.5;

    /// <summary>Cosine similarity that unrelated texts reach by chance; it depends on the embedding model. Default 0.1.</summary>
    [Range(-1.0, 1.0)]
    public double SimilarityNoise { get; set; } = 0.1;

    /// <summary>Cosine similarity that a paraphrase reaches. Default 0.8.</summary>
    [Range(-1.0, 1.0)]
    public double SimilarityFull { get; set; } = 0.8;

    /// <summary>How much of a memory's score hangs on its importance, its recency of use and its confidence, each 0..1.</summary>
    [Range(0.0, 0.5)]
    public double Importance { get; set; } = 0.1;

    [Range(0.0, 0.5)]
    public double Recency { get; set; } = 0.05;

    [Range(0.0, 0.5)]
    public double Confidence { get; set; } = 0.1;

    /// <summary>Days after which recency lifts half as much. Default 60.</summary>
    [Range(1, 3_650)]
    public int HalfLifeDays { get; set; } = 60;

    /// <summary>What the turn before, two before, after and two after add to a turn, as shares of theirs.</summary>
    [Range(0.0, 1.0)]
    public double Before { get; set; } = 0.5;

    [Range(0.0, 1.0)]
    public double TwoBefore { get; set; } = 0.3;

    [Range(0.0, 1.0)]
    public double After { get; set; } = 0.25;

    [Range(0.0, 1.0)]
    public double TwoAfter { get; set; } = 0.18;

    /// <summary>What a question adds to the answer that somebody else gives right after it. Default 0.8.</summary>
    [Range(0.0, 1.0)]
    public double Asked { get; set; } = 0.8;

    /// <summary>The same between a person and an assistant, whose every turn is about the turn before it: before and after.</summary>
    [Range(0.0, 1.0)]
    public double BeforeAssistant { get; set; } = 0.25;

    [Range(0.0, 1.0)]
    public double AfterAssistant { get; set; } = 0.12;

    /// <summary>Factor of a turn that asks rather than tells. Default 0.8.</summary>
    [Range(0.0, 1.0)]
    public double Asking { get; set; } = 0.8;

    /// <summary>Factor of what the one speaker said whom the question names. Default 2.</summary>
    [Range(1.0, 10.0)]
    public double Speaker { get; set; } = 2;

    /// <summary>Factor of what an assistant said: it repeats and it guesses. Default 0.65.</summary>
    [Range(0.0, 1.0)]
    public double Assistant { get; set; } = 0.65;

    /// <summary>How much the conversation that fits the question best lifts its turns. Default 0.6.</summary>
    [Range(0.0, 5.0)]
    public double Session { get; set; } = 0.6;

    /// <summary>How much a word of time lifts what a question for a time finds. Default 0.5.</summary>
    [Range(0.0, 5.0)]
    public double TimeWord { get; set; } = 0.5;

    /// <summary>How much it lifts to be of the time that the question names. Default 0.8.</summary>
    [Range(0.0, 5.0)]
    public double Date { get; set; } = 0.8;

    /// <summary>By what the odds of a memory are multiplied that is about somebody else than the question. Default 0.2.</summary>
    [Range(0.0, 1.0)]
    public double SomebodyElse { get; set; } = 0.2;

    /// <summary>How much a memory gains from the turn it was distilled from, 0..1. Default 0.3.</summary>
    [Range(0.0, 1.0)]
    public double Source { get; set; } = 0.3;

    /// <summary>Evidence at which a turn's score is one half: the weighted share of the question's words, after all factors. Default 0.5.</summary>
    [Range(0.01, 10.0)]
    public double TurnHalf { get; set; } = 0.5;
}

[OptionsValidator]
internal sealed partial class RankingOptionsValidator : IValidateOptions<RankingOptions>;
