namespace Memory.Ingestor;

internal static partial class Log
{
    [LoggerMessage(2101, LogLevel.Warning, "A writer could not go on with its lane; it looks for the next one shortly")]
    internal static partial void WriterFailed(this ILogger logger, Exception cause);

    [LoggerMessage(2102, LogLevel.Error, "The coming months' partitions could not be made, or old idempotency keys not be removed")]
    internal static partial void HousekeepingFailed(this ILogger logger, Exception cause);

    [LoggerMessage(2104, LogLevel.Warning, "A delivery could not be claimed or kept; it is sent again once its lease is over")]
    internal static partial void DeliveryUnkept(this ILogger logger, Exception cause);

    [LoggerMessage(2103, LogLevel.Debug, "The write path could not be measured: {Cause}")]
    internal static partial void NotMeasured(this ILogger logger, string cause);
}
