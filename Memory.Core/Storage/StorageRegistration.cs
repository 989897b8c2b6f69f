using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace Memory.Core.Storage;

public static class StorageRegistration
{
    /// <summary>The memory database and Redis, with their health checks and telemetry.</summary>
    public static IHostApplicationBuilder AddStorage(this IHostApplicationBuilder builder)
    {
        builder.AddValidatedOptions<StorageOptions, StorageOptionsValidator>(StorageOptions.Section);
        StorageOptions options = builder.Configuration.GetSection(StorageOptions.Section).Get<StorageOptions>() ?? new();

        builder.AddNpgsqlDataSource(StorageOptions.Database, configureDataSourceBuilder: source =>
        {
            source.UseVector();
            // A statement belongs to some traced work: what workers ask while they look for any, and what health checks ask,
            // would bury the traces that matter.
            source.ConfigureTracing(tracing => tracing
                .ConfigureCommandFilter(_ => Activity.Current is { Recorded: true })
                .ConfigureBatchFilter(_ => Activity.Current is { Recorded: true }));
            // Whatever is set lasts for a transaction only: there is nothing to reset between two uses of a connection.
            source.ConnectionStringBuilder.NoResetOnClose = true;
            source.ConnectionStringBuilder.Timeout = options.ConnectSeconds;
            source.ConnectionStringBuilder.CommandTimeout = options.CommandSeconds;
            source.ConnectionStringBuilder.ApplicationName ??= builder.Environment.ApplicationName;
        });
        // Redis may be away at any time, so it never makes a service unhealthy.
        builder.AddRedisClient(StorageOptions.Redis, settings => settings.DisableHealthChecks = true);

        builder.Services.AddSingleton(services => new MemoryDb(services.GetRequiredService<NpgsqlDataSource>(), options.PreparedStatements));
        builder.Services.AddSingleton<BoundedRedis>();
        builder.Services.AddHealthChecks().AddCheck<SchemaVersion>("schema");
        return builder;
    }
}
