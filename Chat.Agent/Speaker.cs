using System.Net;

namespace Chat.Agent;

/// <summary>
/// Who speaks. In development, and from this machine only, whoever the request says; anywhere else the authenticated
/// user, since a user id that anybody may write is nobody's.
/// </summary>
internal static class Speaker
{
    internal static async ValueTask<object?> RequireKnownAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        HttpContext http = context.HttpContext;
        return MayBeGiven(http) || http.User.Identity?.IsAuthenticated == true
            ? await next(context)
            : TypedResults.Json(
                new ChatError("Outside of development on this machine a person must sign in: put an authentication handler before this agent."),
                ChatFormat.Json, statusCode: StatusCodes.Status401Unauthorized);
    }

    internal static string? IdOf(HttpContext http, string? given)
    {
        string? id = MayBeGiven(http) ? given : http.User.Identity?.Name;
        return string.IsNullOrWhiteSpace(id) ? null : id;
    }

    private static bool MayBeGiven(HttpContext http) =>
        http.RequestServices.GetRequiredService<IHostEnvironment>().IsDevelopment()
        && (http.Connection.RemoteIpAddress is null || IPAddress.IsLoopback(http.Connection.RemoteIpAddress));
}
