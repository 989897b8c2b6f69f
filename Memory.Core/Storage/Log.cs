using Microsoft.Extensions.Logging;

namespace Memory.Core.Storage;

internal static partial class Log
{
    [LoggerMessage(100, LogLevel.Information, "Applied migration {Version} ({Name})")]
    internal static partial void MigrationApplied(this ILogger logger, int version, string name);

    [LoggerMessage(101, LogLevel.Information, "The schema is at version {Version}; {Applied} scripts were applied")]
    internal static partial void SchemaIsCurrent(this ILogger logger, int version, int applied);
}
