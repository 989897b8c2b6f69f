namespace Chat.Agent;

internal static partial class Log
{
    // A chat a second with its memory away: a line each says enough, a stack trace each would say nothing more.
    [LoggerMessage(8001, LogLevel.Warning, "The memory could not {What}; the answer goes on without it: {Cause}")]
    internal static partial void WithoutMemory(this ILogger logger, string what, string cause);

    [LoggerMessage(8004, LogLevel.Information, "Another answer to this message is stored already")]
    internal static partial void AnsweredBefore(this ILogger logger);

    [LoggerMessage(8002, LogLevel.Error, "An answer failed")]
    internal static partial void AnswerFailed(this ILogger logger, Exception cause);

    [LoggerMessage(8003, LogLevel.Debug, "The memory was not ready for a warm-up")]
    internal static partial void MemoryIsCold(this ILogger logger, Exception cause);
}
