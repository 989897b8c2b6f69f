using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Memory.Core.Storage;

/// <summary>
/// Hosts only check the version: until <c>migrate</c> has brought the database to what this build needs, they report
/// unhealthy and wait. In a deployment nothing else orders the two.
/// </summary>
internal sealed class SchemaVersion(MemoryDb db) : IHealthCheck
{
    private const string ReadVersion = "select coalesce(max(version), 0) from schema_migrations";

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken)
    {
        try
        {
            int version = (await db.AcrossProjectsAsync(new Sql<int>(ReadVersion, row => row.GetInt32(0)), cancellationToken))[0];
            return version >= Migration.CurrentVersion
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Unhealthy($"The schema is at version {version}, this build needs {Migration.CurrentVersion}: run migrate.");
        }
        catch (Exception cause) when (cause is StorageUnavailableException or Npgsql.PostgresException)
        {
            return HealthCheckResult.Unhealthy("The memory database cannot be read.", cause);
        }
    }
}
