using Microsoft.Extensions.Logging;

namespace Memory.Core.Privacy;

internal static partial class Log
{
    [LoggerMessage(5001, LogLevel.Warning, "Redis did not answer how many requests a key has left; this process counts alone")]
    internal static partial void RatesUnavailable(this ILogger logger, Exception cause);
}
