using Memory.Core.Diagnostics;
using Memory.Core.Storage;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace Memory.Core.Lanes;

/// <summary>How the write path fares as a whole; numbers only, of all projects together.</summary>
/// <param name="WaitingLanes">Owners with messages that are not distilled yet.</param>
/// <param name="OldestAge">How long the oldest of those messages has waited; zero when there is none.</param>
/// <param name="DeadLetters">Messages that could not be distilled and that nobody has asked to try again.</param>
public sealed record WritePathState(long WaitingLanes, TimeSpan OldestAge, long DeadLetters);

/// <summary>
/// Looks after the write path. What waits or has died is told, and is no reason to take a service out of use: it can still
/// do what it is asked.
/// </summary>
public sealed class WritePath(MemoryDb db) : IHealthCheck
{
    private const string Read = "select waiting_lanes, oldest_seconds, dead_letters from write_path_state()";

    public async Task<WritePathState> ReadAsync(CancellationToken cancellationToken)
    {
        var read = new Sql<WritePathState>(
            Read, row => new WritePathState(row.GetInt64(0), TimeSpan.FromSeconds(Math.Max(0, row.GetDouble(1))), row.GetInt64(2)));
        return (await db.AcrossProjectsAsync(read, cancellationToken))[0];
    }

    /// <summary>Brings the gauges up to date.</summary>
    public async Task MeasureAsync(CancellationToken cancellationToken)
    {
        WritePathState state = await ReadAsync(cancellationToken);
        MemoryTelemetry.QueueAge.Record(state.OldestAge.TotalSeconds);
        MemoryTelemetry.QueueLanes.Record(state.WaitingLanes);
        MemoryTelemetry.DeadLetters.Record(state.DeadLetters);
    }

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken)
    {
        try
        {
            WritePathState state = await ReadAsync(cancellationToken);
            return HealthCheckResult.Healthy(
                state.DeadLetters == 0 ? null : $"{state.DeadLetters} messages could not be distilled: look at the events that are FAILED, and replay them.",
                new Dictionary<string, object>
                {
                    ["dead_letters"] = state.DeadLetters,
                    ["waiting_lanes"] = state.WaitingLanes,
                    ["oldest_seconds"] = Math.Round(state.OldestAge.TotalSeconds, 3),
                });
        }
        catch (Exception cause) when (cause is StorageUnavailableException or PostgresException)
        {
            // Whether the service can work without its database is for the check of that to say.
            return HealthCheckResult.Degraded("The write path cannot be looked at.", cause);
        }
    }
}
