using System.Security.Claims;
using System.Text.Encodings.Web;
using Memory.Api.Wire;
using Memory.Core.Privacy;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Memory.Api.Auth;

/// <summary>
/// The API key from <c>Authorization: Token KEY</c>, <c>Authorization: Bearer KEY</c> or <c>X-API-Key: KEY</c>. It alone
/// decides the project; nothing in a request can.
/// </summary>
internal sealed class ApiKeyAuthentication(
    ApiKeyCache keys, IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    internal const string SchemeName = "ApiKey";
    internal const string ScopeClaim = "scope";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (ReadKey(Request) is not { } key)
            return AuthenticateResult.NoResult();
        if (await keys.FindAsync(key, Context.RequestAborted) is not { } principal)
            return AuthenticateResult.Fail("unknown key");

        Context.Features.Set(principal);
        var identity = new ClaimsIdentity(principal.Scopes.Select(scope => new Claim(ScopeClaim, scope)), Scheme.Name);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Scheme.Name));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = "Token";
        return ErrorBody.WriteAsync(
            Context, StatusCodes.Status401Unauthorized, "unauthenticated",
            ReadKey(Request) is null
                ? "No API key: send it as 'Authorization: Token KEY'."
                : "This API key is unknown, expired or revoked.");
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        ErrorBody.WriteAsync(Context, StatusCodes.Status403Forbidden, "forbidden", "This API key lacks the scope for that.");

    /// <returns>Null: there is none.</returns>
    internal static string? ReadKey(HttpRequest request)
    {
        string? header = request.Headers.Authorization;
        if (header is not null)
        {
            foreach (string scheme in (ReadOnlySpan<string>)["Token ", "Bearer "])
            {
                if (header.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) && header.Length > scheme.Length)
                    return header[scheme.Length..].Trim();
            }
        }

        string? own = request.Headers["X-API-Key"];
        return string.IsNullOrWhiteSpace(own) ? null : own.Trim();
    }
}

internal static class AuthRegistration
{
    internal static void AddApiKeyAuthentication(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<ApiKeyCache>();
        builder.Services
            .AddAuthentication(ApiKeyAuthentication.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, ApiKeyAuthentication>(ApiKeyAuthentication.SchemeName, null);
        var authorization = builder.Services.AddAuthorizationBuilder();
        foreach (string scope in AccessScope.All)
            authorization.AddPolicy(scope, policy => policy.RequireClaim(ApiKeyAuthentication.ScopeClaim, scope));
    }
}
