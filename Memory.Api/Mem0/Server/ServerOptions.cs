using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Memory.Api.Mem0.Server;

public sealed class ServerOptions
{
    public const string Section = "Memory:Mem0Server";

    /// <summary>How long POST /memories waits for its messages to be distilled, in milliseconds. Default 30000.</summary>
    [Range(0, 300_000)]
    public int WaitMilliseconds { get; set; } = 30_000;
}

[OptionsValidator]
internal sealed partial class ServerOptionsValidator : IValidateOptions<ServerOptions>;
