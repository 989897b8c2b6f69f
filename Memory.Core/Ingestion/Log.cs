using Microsoft.Extensions.Logging;

namespace Memory.Core.Ingestion;

internal static partial class Log
{
    // A storm of them says nothing more with a stack trace each.
    [LoggerMessage(2001, LogLevel.Warning, "A batch waits {Delay}, no attempt is used up: {Cause}")]
    internal static partial void BatchDeferred(this ILogger logger, string cause, TimeSpan delay);

    [LoggerMessage(2002, LogLevel.Warning, "The database went away during attempt {Attempt} of a batch")]
    internal static partial void DatabaseAway(this ILogger logger, Exception cause, int attempt);

    [LoggerMessage(2003, LogLevel.Error, "Attempt {Attempt} of a batch failed; again in {Delay}")]
    internal static partial void BatchFailed(this ILogger logger, Exception? cause, int attempt, TimeSpan delay);

    [LoggerMessage(2004, LogLevel.Error, "A batch of {Messages} failed for good; it is tried again in halves")]
    internal static partial void BatchSplit(this ILogger logger, Exception? cause, int messages);

    [LoggerMessage(2005, LogLevel.Error, "A message failed {Attempts} times and is a dead letter now; its lane goes on")]
    internal static partial void MessageBuried(this ILogger logger, Exception? cause, int attempts);

    [LoggerMessage(2006, LogLevel.Information, "The lane moved on since it was claimed with epoch {Epoch}; what was planned is discarded")]
    internal static partial void LeaseLost(this ILogger logger, long epoch);

    [LoggerMessage(2008, LogLevel.Error, "What was kept of message {Seq} cannot be read; it is done without")]
    internal static partial void PayloadUnreadable(this ILogger logger, Exception cause, long seq);

    [LoggerMessage(2009, LogLevel.Error, "A claimed lane could not be read; again in {Delay}")]
    internal static partial void LaneUnreadable(this ILogger logger, Exception cause, TimeSpan delay);

    [LoggerMessage(2007, LogLevel.Error, "A lane counts messages after {AppliedSeq}, but there are none")]
    internal static partial void NothingToRead(this ILogger logger, long appliedSeq);

    [LoggerMessage(2010, LogLevel.Error, "Tidying an owner's memory failed; again in an hour")]
    internal static partial void TendingFailed(this ILogger logger, Exception cause);
}
