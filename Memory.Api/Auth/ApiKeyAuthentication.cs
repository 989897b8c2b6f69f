using System.Security.Claims;
using System.Text.Encodings.Web;
using Memory.Api.Wire;
using Memory.Core;
using Memory.Core.Privacy;
using Memory.Core.Privacy.Rates;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Memory.Api.Auth;

/// <summary>
/// The API key from <c>Authorization: Token KEY</c>, <c>Authorization: Bearer KEY</c> or <c>X-API-Key: KEY</c>. It alone
/// decides the project; nothing in a request can.
/// </summary>
internal sealed class ApiKeyAuthentication(
    ApiKeyCache keys, KeyUse use, FailureLimit failures, IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    internal const string SchemeName = "ApiKey";
    internal const string ScopeClaim = "scope";

    private static readonly StringValues s_tokenFirst = new(["Token", "Bearer"]), s_bearerFirst = new(["Bearer", "Token"]);

    // Set where the address has sent too many unknown keys: this one was not looked up.
    private TimeSpan? _wait;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (ReadKey(Request) is not { } key)
            return AuthenticateResult.NoResult();
        if (await FindAsync(key) is not { } principal)
            return AuthenticateResult.Fail("unknown key");

        use.Note(principal);
        Context.Features.Set(principal);
        // The name tells keys apart: what one of them began, such as a session, no other goes on with.
        var identity = new ClaimsIdentity(
            [new Claim(ClaimTypes.NameIdentifier, principal.Actor), .. principal.Scopes.Select(scope => new Claim(ScopeClaim, scope))], Scheme.Name);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Scheme.Name));
    }

    private async Task<Principal?> FindAsync(string key)
    {
        System.Net.IPAddress? address = Context.Connection.RemoteIpAddress;
        TimeSpan wait = TimeSpan.Zero;
        PaidTry? paid = null;
        try
        {
            Principal? found = await keys.FindAsync(
                key, () => (paid = failures.TryPay(address, KeySecret.IsWellFormed(key), out wait)) is not null, Context.RequestAborted);
            if (found is not null)
                paid?.GiveBack();
            return found;
        }
        catch (StorageUnavailableException)
        {
            paid?.GiveBack();
            throw;
        }
        catch (TooManyUnknownKeysException)
        {
            // Only what needs a key is refused for it: a probe is answered all the same.
            _wait = wait;
            return null;
        }
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (_wait is { } wait)
        {
            return ErrorBody.WriteAsync(
                Context, StatusCodes.Status429TooManyRequests, "too-many-unknown-keys", "Too many unknown API keys came from this address; try again in a moment.", wait);
        }

        Response.Headers.WWWAuthenticate = Context.GetEndpoint()?.Metadata.GetMetadata<BearerFirst>() is null ? s_tokenFirst : s_bearerFirst;
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
        builder.Services.AddHostedService<KeyUseWriter>();
        builder.Services
            .AddAuthentication(ApiKeyAuthentication.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, ApiKeyAuthentication>(ApiKeyAuthentication.SchemeName, null);
        var authorization = builder.Services.AddAuthorizationBuilder();
        foreach (string scope in AccessScope.All)
            authorization.AddPolicy(scope, policy => policy.RequireClaim(ApiKeyAuthentication.ScopeClaim, scope));
    }
}
