using System.Diagnostics;

namespace Memory.Api.Wire;

/// <summary>Every answer has X-Request-ID: what finds it in the log, as <c>traceId</c> of an error does.</summary>
internal static class RequestId
{
    private const string Header = "X-Request-ID";

    internal static void UseRequestId(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        string id = Activity.Current?.TraceId.ToString() ?? context.TraceIdentifier;
        // Not before the answer starts: an error that is said anew begins without headers.
        context.Response.OnStarting(() =>
        {
            context.Response.Headers[Header] = id;
            return Task.CompletedTask;
        });
        return next(context);
    });
}
