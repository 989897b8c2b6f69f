namespace Memory.Api;

internal static partial class Log
{
    [LoggerMessage(9001, LogLevel.Error, "A request failed: {Code}")]
    internal static partial void RequestFailed(this ILogger logger, Exception cause, string code);

    [LoggerMessage(9002, LogLevel.Debug, "Not ready yet: {Cause}")]
    internal static partial void StillCold(this ILogger logger, string cause);

    [LoggerMessage(9003, LogLevel.Debug, "When keys were last used could not be written: {Cause}")]
    internal static partial void UseOfKeysNotWritten(this ILogger logger, string cause);
}
