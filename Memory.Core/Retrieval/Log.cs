using Microsoft.Extensions.Logging;

namespace Memory.Core.Retrieval;

internal static partial class Log
{
    [LoggerMessage(4001, LogLevel.Warning, "Stage {Stage} of a recall failed; the others answer")]
    internal static partial void StageFailed(this ILogger logger, Exception cause, string stage);
}
