using Aspire.StackExchange.Redis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using OpenTelemetry.Trace;
using StackExchange.Redis;

namespace Microsoft.Extensions.Hosting;

public static class AspireRedisExtensions
{
    private const string Section = "Aspire:StackExchange:Redis";

    public static void AddRedisClient(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<StackExchangeRedisSettings>? configureSettings = null,
        Action<ConfigurationOptions>? configureOptions = null)
    {
        var settings = builder.ReadSettings(connectionName, configureSettings);
        builder.Services.AddSingleton<IConnectionMultiplexer>(services =>
            RedisConnection.Open(services, builder.ReadOptions(connectionName, settings, configureOptions)));

        builder.Observe(settings, "StackExchange.Redis", services => services.GetRequiredService<IConnectionMultiplexer>());
    }

    public static void AddKeyedRedisClient(
        this IHostApplicationBuilder builder,
        string name,
        Action<StackExchangeRedisSettings>? configureSettings = null,
        Action<ConfigurationOptions>? configureOptions = null)
    {
        var settings = builder.ReadSettings(name, configureSettings);
        builder.Services.AddKeyedSingleton<IConnectionMultiplexer>(name, (services, _) =>
            RedisConnection.Open(services, builder.ReadOptions(name, settings, configureOptions)));

        builder.Observe(
            settings,
            $"StackExchange.Redis_{name}",
            services => services.GetRequiredKeyedService<IConnectionMultiplexer>(name));
    }

    private static StackExchangeRedisSettings ReadSettings(
        this IHostApplicationBuilder builder, string name, Action<StackExchangeRedisSettings>? configure)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);

        StackExchangeRedisSettings settings = new();
        var section = builder.Configuration.GetSection(Section);
        section.Bind(settings);
        section.GetSection(name).Bind(settings);
        settings.ConnectionString = builder.Configuration.GetConnectionString(name) ?? settings.ConnectionString;
        configure?.Invoke(settings);
        return settings;
    }

    private static ConfigurationOptions ReadOptions(
        this IHostApplicationBuilder builder,
        string name,
        StackExchangeRedisSettings settings,
        Action<ConfigurationOptions>? configure)
    {
        var options = RedisConnection.Parse(settings.ConnectionString ?? "");
        var section = builder.Configuration.GetSection(Section);
        section.GetSection("ConfigurationOptions").Bind(options);
        section.GetSection(name).GetSection("ConfigurationOptions").Bind(options);
        configure?.Invoke(options);
        return options.EndPoints.Count > 0
            ? options
            : throw new InvalidOperationException(
                $"No endpoints: set ConnectionStrings:{name}, or ConnectionString in {Section}.");
    }

    private static void Observe(
        this IHostApplicationBuilder builder,
        StackExchangeRedisSettings settings,
        string checkName,
        Func<IServiceProvider, IConnectionMultiplexer> connection)
    {
        if (!settings.DisableAutoActivation)
            builder.Services.AddSingleton<IHostedService>(services => new RedisActivation(() => connection(services)));

        if (!settings.DisableHealthChecks && builder.Properties.TryAdd($"Aspire.HealthChecks.{checkName}", true))
        {
            builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
                checkName,
                services => new RedisHealthCheck(() => connection(services)),
                failureStatus: null,
                tags: null));
        }

        if (settings.DisableTracing) return;
        builder.Services.AddSingleton<RedisSpansSwitch>();
        builder.Services.AddOpenTelemetry().WithTracing(tracing => tracing.AddSource(RedisSpans.SourceName));
    }
}
