using Microsoft.Extensions.Logging;

namespace Memory.Core.Retrieval;

internal static partial class Log
{
    [LoggerMessage(4001, LogLevel.Warning, "Stage {Stage} of a recall failed; the others answer")]
    internal static partial void StageFailed(this ILogger logger, Exception cause, string stage);

    [LoggerMessage(4002, LogLevel.Warning, "Redis did not answer in time for the trace of a recall; it cannot be read again")]
    internal static partial void TracesUnavailable(this ILogger logger, Exception cause);

    [LoggerMessage(4003, LogLevel.Warning, "A stage of a recall that was late could not be told to stop")]
    internal static partial void StageNotCancelled(this ILogger logger, Exception cause);

    [LoggerMessage(4010, LogLevel.Warning, "An owner's memories could not be read as a whole; Postgres goes on answering")]
    internal static partial void OwnerNotLoaded(this ILogger logger, Exception cause);

    [LoggerMessage(4011, LogLevel.Warning, "What was recalled of {Owners} owners could not be counted")]
    internal static partial void UseNotCounted(this ILogger logger, Exception cause, int owners);
}
