using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Memory.Core.Retrieval.Use;

public sealed class RecallUseOptions
{
    public const string Section = "Memory:RecallUse";

    /// <summary>How long recalls are collected before their memories are counted as used, in seconds. Default 5.</summary>
    [Range(1, 3_600)]
    public int FlushSeconds { get; set; } = 5;

    /// <summary>
    /// Most recalls that wait to be counted; beyond it the oldest are not counted. While writes fail, as many again wait to be
    /// tried once more. Default 10000.
    /// </summary>
    [Range(1, 1_000_000)]
    public int MostWaiting { get; set; } = 10_000;
}

[OptionsValidator]
internal sealed partial class RecallUseOptionsValidator : IValidateOptions<RecallUseOptions>;
