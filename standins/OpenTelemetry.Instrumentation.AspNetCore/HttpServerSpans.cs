using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace OpenTelemetry.Instrumentation.AspNetCore;

/// <summary>Completes the framework's own server activity, which knows neither the route nor the status.</summary>
internal sealed class HttpServerSpans(IOptionsMonitor<AspNetCoreTraceInstrumentationOptions> options) : IStartupFilter
{
    private readonly AspNetCoreTraceInstrumentationOptions options = options.CurrentValue;

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(CompleteAsync);
        next(app);
    };

    private async Task CompleteAsync(HttpContext context, RequestDelegate next)
    {
        var activity = Begin(context);
        try
        {
            await next(context);
        }
        catch (Exception cause) when (activity is not null)
        {
            End(activity, context, StatusCodes.Status500InternalServerError, cause);
            throw;
        }

        if (activity is not null)
            End(activity, context, context.Response.StatusCode, context.Features.Get<IExceptionHandlerFeature>()?.Error);
    }

    private Activity? Begin(HttpContext context)
    {
        if (context.Features.Get<IHttpActivityFeature>()?.Activity is not { IsAllDataRequested: true } activity)
            return null;

        if (!Wanted(context))
        {
            activity.IsAllDataRequested = false;
            activity.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
            return null;
        }

        activity.DisplayName = context.Request.Method;
        activity.SetTag("http.request.method", context.Request.Method);
        activity.SetTag("server.address", context.Request.Host.Host);
        activity.SetTag("url.scheme", context.Request.Scheme);
        activity.SetTag("url.path", (context.Request.PathBase + context.Request.Path).Value);
        options.EnrichWithHttpRequest?.Invoke(activity, context.Request);
        return activity;
    }

    private bool Wanted(HttpContext context)
    {
        try
        {
            return options.Filter?.Invoke(context) ?? true;
        }
        catch
        {
            return false;
        }
    }

    private void End(Activity activity, HttpContext context, int status, Exception? cause)
    {
        if (Route(context) is { } route)
        {
            activity.DisplayName = $"{context.Request.Method} {route}";
            activity.SetTag("http.route", route);
        }

        activity.SetTag("http.response.status_code", status);
        if (status >= StatusCodes.Status500InternalServerError)
        {
            activity.SetTag("error.type", cause?.GetType().FullName ?? $"{status}");
            activity.SetStatus(ActivityStatusCode.Error);
        }

        if (cause is not null && options.RecordException) activity.AddException(cause);
        if (cause is not null) options.EnrichWithException?.Invoke(activity, cause);
        options.EnrichWithHttpResponse?.Invoke(activity, context.Response);
    }

    // The exception handler takes the endpoint off the context and keeps it in its feature.
    private static string? Route(HttpContext context)
    {
        var endpoint = context.Features.Get<IExceptionHandlerFeature>()?.Endpoint ?? context.GetEndpoint();
        return (endpoint as RouteEndpoint)?.RoutePattern.RawText;
    }
}
