using Microsoft.Extensions.Logging;

namespace Memory.Core.LongTerm;

internal static partial class Log
{
    [LoggerMessage(3001, LogLevel.Warning, "Redis did not give or take vectors; they are asked for")]
    internal static partial void VectorsNotShared(this ILogger logger, Exception cause);

    [LoggerMessage(3002, LogLevel.Information, "{Vectors} vectors of {Owners} owners were made anew by {Model}")]
    internal static partial void Reembedded(this ILogger logger, long vectors, int owners, string model);
}
