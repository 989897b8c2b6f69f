using Aspire.Npgsql;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Microsoft.Extensions.Hosting;

public static class AspirePostgreSqlNpgsqlExtensions
{
    private const string Section = "Aspire:Npgsql";

    public static void AddNpgsqlDataSource(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<NpgsqlSettings>? configureSettings = null,
        Action<NpgsqlDataSourceBuilder>? configureDataSourceBuilder = null)
    {
        var settings = builder.ReadSettings(connectionName, configureSettings);
        builder.Services.AddSingleton(services =>
            CreateDataSource(services, connectionName, settings, configureDataSourceBuilder));

        builder.Observe(settings, "PostgreSql", services => services.GetRequiredService<NpgsqlDataSource>());
    }

    public static void AddKeyedNpgsqlDataSource(
        this IHostApplicationBuilder builder,
        string name,
        Action<NpgsqlSettings>? configureSettings = null,
        Action<NpgsqlDataSourceBuilder>? configureDataSourceBuilder = null)
    {
        var settings = builder.ReadSettings(name, configureSettings);
        builder.Services.AddKeyedSingleton(name, (services, _) =>
            CreateDataSource(services, name, settings, configureDataSourceBuilder));

        builder.Observe(
            settings, $"PostgreSql_{name}", services => services.GetRequiredKeyedService<NpgsqlDataSource>(name));
    }

    private static NpgsqlSettings ReadSettings(
        this IHostApplicationBuilder builder, string name, Action<NpgsqlSettings>? configure)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);

        NpgsqlSettings settings = new();
        var section = builder.Configuration.GetSection(Section);
        section.Bind(settings);
        section.GetSection(name).Bind(settings);
        settings.ConnectionString = builder.Configuration.GetConnectionString(name) ?? settings.ConnectionString;
        configure?.Invoke(settings);
        return settings;
    }

    // A missing connection string fails here and not at registration, when there is a logger to say so.
    private static NpgsqlDataSource CreateDataSource(
        IServiceProvider services,
        string name,
        NpgsqlSettings settings,
        Action<NpgsqlDataSourceBuilder>? configure)
    {
        if (string.IsNullOrWhiteSpace(settings.ConnectionString))
        {
            throw new InvalidOperationException(
                $"No connection string: set ConnectionStrings:{name}, or ConnectionString in {Section}.");
        }

        NpgsqlDataSourceBuilder builder = new(settings.ConnectionString);
        builder.UseLoggerFactory(services.GetService<ILoggerFactory>());
        configure?.Invoke(builder);
        return builder.Build();
    }

    private static void Observe(
        this IHostApplicationBuilder builder,
        NpgsqlSettings settings,
        string checkName,
        Func<IServiceProvider, NpgsqlDataSource> dataSource)
    {
        if (!settings.DisableHealthChecks && builder.Properties.TryAdd($"Aspire.HealthChecks.{checkName}", true))
        {
            builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
                checkName, services => new PostgresHealthCheck(dataSource(services)), failureStatus: null, tags: null));
        }

        if (!settings.DisableTracing)
            builder.Services.AddOpenTelemetry().WithTracing(tracing => tracing.AddSource("Npgsql"));
        if (!settings.DisableMetrics)
            builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics.AddMeter("Npgsql"));
    }
}
