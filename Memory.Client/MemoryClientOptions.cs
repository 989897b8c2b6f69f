using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Memory.Client;

public sealed class MemoryClientOptions
{
    public const string Section = "Memory:Client";

    /// <summary>The key of the project whose memory is used.</summary>
    [Required(ErrorMessage = "Memory:Client:ApiKey is missing: the API key that ./run prints, or one made for this agent.")]
    public string ApiKey { get; set; } = "";

    /// <summary>Longest wait for a recall or a context, in milliseconds; after it a chat goes on without. Default 300.</summary>
    [Range(10, 60_000)]
    public int RecallMilliseconds { get; set; } = 300;

    /// <summary>Longest wait for an append, or for anything else that has no budget of its own here, in milliseconds. Default 1000.</summary>
    [Range(10, 60_000)]
    public int AppendMilliseconds { get; set; } = 1_000;

    /// <summary>Longest wait for what erases, all of a scope or what is said of something, in milliseconds. Default 30000.</summary>
    [Range(10, 600_000)]
    public int EraseMilliseconds { get; set; } = 30_000;
}

[OptionsValidator]
internal sealed partial class MemoryClientOptionsValidator : IValidateOptions<MemoryClientOptions>;
