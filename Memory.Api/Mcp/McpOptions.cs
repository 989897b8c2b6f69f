using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Memory.Api.Mcp;

/// <summary>How agents that speak the Model Context Protocol are served.</summary>
public sealed class McpOptions
{
    public const string Section = "Memory:Mcp";

    /// <summary>
    /// Whose memory is meant where a call names no id at all, the key is bound to nobody and the request has no <c>Mem0-User-ID</c>.
    /// Default mem0-mcp, as of mem0's own server; empty: such a call is refused.
    /// </summary>
    public string? DefaultUser { get; set; } = "mem0-mcp";

    /// <summary>Origins whose pages may call, as in <c>https://app.example.com</c>, besides those of this machine. Default none.</summary>
    public IReadOnlyList<string> AllowedOrigins { get; set; } = [];

    /// <summary>True: no sessions, so that any replica answers any request. Default false.</summary>
    public bool Stateless { get; set; }

    /// <summary>How long a session may be without a request, in minutes. Default 30.</summary>
    [Range(1, 7 * 24 * 60)]
    public int IdleMinutes { get; set; } = 30;

    /// <summary>Most idle sessions of one process; those that were idle longest make room. Default 1000.</summary>
    [Range(1, 100_000)]
    public int MaxIdleSessions { get; set; } = 1_000;

    /// <summary>Most sessions that one key has in one process, idle or not; one more is refused. Default 200.</summary>
    [Range(1, 100_000)]
    public int MaxSessionsPerKey { get; set; } = 200;
}

[OptionsValidator]
internal sealed partial class McpOptionsValidator : IValidateOptions<McpOptions>;
