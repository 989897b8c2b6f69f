using Microsoft.Extensions.Logging;

namespace Memory.Client;

internal static partial class Log
{
    // A chat a second with its memory away: a line each says enough, a stack trace each would say nothing more.
    [LoggerMessage(9001, LogLevel.Warning, "The memory could not {What}; the answer goes on without it: {Cause}")]
    internal static partial void WithoutMemory(this ILogger logger, string what, string cause);
}
