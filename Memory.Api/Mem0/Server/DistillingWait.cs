using Memory.Core;
using Memory.Core.Episodic;
using Memory.Core.Privacy;
using Microsoft.Extensions.Options;

namespace Memory.Api.Mem0.Server;

/// <summary>Waits until messages are distilled, for clients that expect the answer to hold what came of them.</summary>
internal sealed class DistillingWait(IngestionEventLog events, IOptions<ServerOptions> options, TimeProvider time)
{
    private static readonly TimeSpan s_first = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan s_longest = TimeSpan.FromMilliseconds(250);

    /// <returns>As the event stood when it ended, or when the time was up.</returns>
    internal async Task<IngestionEvent> UntilDoneAsync(Principal principal, EventId id, CancellationToken cancellationToken)
    {
        long started = time.GetTimestamp();
        TimeSpan pause = s_first;
        while (true)
        {
            IngestionEvent now = await events.GetAsync(principal, id, cancellationToken);
            if (now.Status is EventStatus.Succeeded or EventStatus.Failed
                || time.GetElapsedTime(started) >= TimeSpan.FromMilliseconds(options.Value.WaitMilliseconds))
                return now;
            await Task.Delay(pause, time, cancellationToken);
            pause = pause * 2 < s_longest ? pause * 2 : s_longest;
        }
    }
}
