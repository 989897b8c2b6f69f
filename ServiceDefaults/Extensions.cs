using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Microsoft.Extensions.Hosting;

/// <summary>What every service of the application has: telemetry, health, service discovery, resilient HTTP.</summary>
public static class Extensions
{
    private const string HealthPath = "/health";
    private const string AlivePath = "/alive";

    // Each assembly's activity source and meter bear its name.
    private static readonly string[] Assemblies =
        ["Memory.Core", "Memory.Api", "Memory.Models", "Memory.Client", "Memory.Ingestor", "Chat.Agent"];

    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        builder.ConfigureOpenTelemetry();
        builder.AddDefaultHealthChecks();
        builder.Services.AddServiceDiscovery();
        builder.Services.ConfigureHttpClientDefaults(http =>
        {
            http.AddStandardResilienceHandler();
            http.AddServiceDiscovery();
        });
        return builder;
    }

    /// <summary>Logs, metrics and traces, sent to <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> where that is set.</summary>
    public static TBuilder ConfigureOpenTelemetry<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        builder.Logging.AddOpenTelemetry(logging =>
        {
            logging.IncludeFormattedMessage = true;
            logging.IncludeScopes = true;
        });

        var telemetry = builder.Services.AddOpenTelemetry()
            .WithMetrics(metrics => metrics
                .AddMeter([builder.Environment.ApplicationName, .. Assemblies])
                .AddAspNetCoreInstrumentation()
                .AddHttpClientInstrumentation()
                .AddRuntimeInstrumentation())
            .WithTracing(tracing => tracing
                .AddSource([builder.Environment.ApplicationName, .. Assemblies])
                .AddAspNetCoreInstrumentation(options => options.Filter = context => !IsProbe(context.Request))
                .AddHttpClientInstrumentation());

        if (!string.IsNullOrWhiteSpace(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
            telemetry.UseOtlpExporter();

        return builder;
    }

    /// <summary>A service that answers at all is alive; it is healthy when the checks of its rooms pass, too.</summary>
    public static TBuilder AddDefaultHealthChecks<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        builder.Services.AddHealthChecks().AddCheck("self", () => HealthCheckResult.Healthy(), ["live"]);
        return builder;
    }

    /// <summary>
    /// <c>/health</c> and <c>/alive</c>, in every environment and for anyone, since orchestrators probe them without a
    /// key: the answer is one word and a status, and which check failed stays in the log.
    /// </summary>
    /// <param name="mayReadDetails">Who is told what each check found, as JSON; null: nobody.</param>
    public static WebApplication MapDefaultEndpoints(this WebApplication app, Predicate<HttpContext>? mayReadDetails = null)
    {
        app.MapHealthChecks(
            HealthPath,
            new HealthCheckOptions { ResponseWriter = (context, report) => HealthAnswer.WriteAsync(context, report, mayReadDetails?.Invoke(context) == true) })
            .AllowAnonymous();
        app.MapHealthChecks(AlivePath, new HealthCheckOptions { Predicate = check => check.Tags.Contains("live") })
            .AllowAnonymous();
        return app;
    }

    private static bool IsProbe(HttpRequest request) =>
        request.Path.StartsWithSegments(HealthPath, StringComparison.Ordinal) ||
        request.Path.StartsWithSegments(AlivePath, StringComparison.Ordinal);
}
