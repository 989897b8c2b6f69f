using Memory.Api.Wire;
using Microsoft.Extensions.Options;

namespace Memory.Api.Mcp;

/// <summary>
/// Refuses what a foreign page sends from within a browser; what is no browser sends no origin. The request's own host is no
/// excuse: a page can make its name point here.
/// </summary>
internal static class OriginCheck
{
    internal static void Guard(EndpointBuilder endpoint)
    {
        RequestDelegate guarded = endpoint.RequestDelegate!;
        endpoint.RequestDelegate = context => IsForeign(context)
            ? ErrorBody.WriteAsync(context, StatusCodes.Status403Forbidden, "foreign-origin", "Pages of this origin may not call: an operator can allow it in Memory:Mcp:AllowedOrigins.")
            : guarded(context);
    }

    internal static bool IsAllowed(string origin, McpOptions options) =>
        options.AllowedOrigins.Any(one => string.Equals(one.TrimEnd('/'), origin, StringComparison.OrdinalIgnoreCase))
        || (Uri.TryCreate(origin, UriKind.Absolute, out Uri? page) && page is { IsLoopback: true, Scheme: "http" or "https" });

    private static bool IsForeign(HttpContext context) =>
        context.Request.Headers.Origin.ToString() is { Length: > 0 } origin
        && !IsAllowed(origin, context.RequestServices.GetRequiredService<IOptions<McpOptions>>().Value);
}
