namespace Memory.Ingestor;

internal static partial class Log
{
    [LoggerMessage(2001, LogLevel.Warning, "A writer could not go on with its lane; it looks for the next one shortly")]
    internal static partial void WriterFailed(this ILogger logger, Exception cause);

    [LoggerMessage(2002, LogLevel.Warning, "The database went away during attempt {Attempt} of a batch; the lease will run out")]
    internal static partial void BatchDeferred(this ILogger logger, Exception cause, int attempt);

    [LoggerMessage(2003, LogLevel.Error, "Attempt {Attempt} of a batch failed; again in {Delay}")]
    internal static partial void BatchFailed(this ILogger logger, Exception cause, int attempt, TimeSpan delay);

    [LoggerMessage(2004, LogLevel.Error, "The coming months' partitions could not be made")]
    internal static partial void PartitionsLate(this ILogger logger, Exception cause);

    // A storm of them says nothing more with a stack trace each.
    [LoggerMessage(2005, LogLevel.Warning, "A batch waits {Delay} for its model: {Cause}")]
    internal static partial void ModelAway(this ILogger logger, string cause, TimeSpan delay);

    [LoggerMessage(2006, LogLevel.Warning, "The database did not take a lease's renewal; it is tried again")]
    internal static partial void LeaseNotRenewed(this ILogger logger, Exception cause);
}
