using Microsoft.Extensions.Logging;

namespace Memory.Core.ShortTerm;

internal static partial class Log
{
    [LoggerMessage(6001, LogLevel.Warning, "Redis did not answer a {Call} of the short-term buffer in time; the episodes serve instead")]
    internal static partial void BufferUnavailable(this ILogger logger, Exception cause, string call);
}
