using Microsoft.Extensions.Logging;

namespace Memory.Core.Webhooks;

internal static partial class Log
{
    [LoggerMessage(10001, LogLevel.Warning, "Delivery {DeliveryId} failed in attempt {Attempt}: {Reason}")]
    internal static partial void DeliveryFailed(this ILogger logger, Guid deliveryId, int attempt, string reason);
}
