using Microsoft.Extensions.Logging;

namespace Memory.Core.Lanes;

internal static partial class Log
{
    [LoggerMessage(7001, LogLevel.Warning, "Redis took no hint that a lane is ready; polling finds it")]
    internal static partial void HintLost(this ILogger logger, Exception cause);

    [LoggerMessage(7002, LogLevel.Warning, "The database did not take a lease's renewal; it is tried again")]
    internal static partial void LeaseNotRenewed(this ILogger logger, Exception cause);
}
