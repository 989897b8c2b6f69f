using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Memory.Core.Retrieval.Hot;

public sealed class HotOwnersOptions
{
    public const string Section = "Memory:HotOwners";

    /// <summary>
    /// Megabytes of this process's memory in which whole memories of owners may be kept; who was asked longest ago goes first.
    /// 10000 memories of 1024 dimensions take about 32. 0: none is kept, and Postgres answers everything. Default 256.
    /// </summary>
    [Range(0, 1_000_000)]
    public int Megabytes { get; set; } = 256;

    /// <summary>Most active memories of an owner that is kept. Default 20000.</summary>
    [Range(1, 1_000_000)]
    public int MostMemories { get; set; } = 20_000;

    /// <summary>
    /// How often an owner must have been asked, with nothing written in between, before its memories are read as a whole. Default 2.
    /// </summary>
    [Range(1, 1_000)]
    public int Asked { get; set; } = 2;

    /// <summary>Seconds after its memories were read in which an owner's are not read as a whole again, whatever is written. Default 5.</summary>
    [Range(0, 3_600)]
    public int RestSeconds { get; set; } = 5;

    /// <summary>Minutes for which nobody tries again to read an owner who is too large, or whose memories could not be read. Default 10.</summary>
    [Range(1, 1_440)]
    public int RefusedMinutes { get; set; } = 10;

    /// <summary>Minutes after which memories that nobody asked for are let go of. Default 30.</summary>
    [Range(1, 1_440)]
    public int IdleMinutes { get; set; } = 30;

    internal long Bytes => Megabytes * 1_048_576L;
}

[OptionsValidator]
internal sealed partial class HotOwnersOptionsValidator : IValidateOptions<HotOwnersOptions>;
