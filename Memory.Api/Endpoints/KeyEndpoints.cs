using System.Text.Json;
using Memory.Api.Auth;
using Memory.Api.Mem0;
using Memory.Api.Wire;
using Memory.Core;
using Memory.Core.Privacy;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Memory.Api.Endpoints;

/// <summary>The keys of the caller's project; a key that is bound to one owner knows of that owner's alone.</summary>
internal static class KeyEndpoints
{
    internal static void MapKeys(this IEndpointRouteBuilder app)
    {
        RouteGroupBuilder keys = app.MapGroup("/v1/keys").RequireAuthorization(AccessScope.Admin);
        keys.MapGet("/", ListAsync);
        keys.MapPost("/", CreateAsync);
        keys.MapDelete("/{id}/", RevokeAsync);
    }

    private static async Task<Ok<KeyList>> ListAsync(Caller caller, KeyLedger ledger, CancellationToken cancellationToken)
    {
        List<ApiKey> keys = await ledger.ListAsync(caller.Principal, all: true, cancellationToken);
        return TypedResults.Ok(new KeyList([.. keys.Select(KeyBody.Of)]));
    }

    private static async Task<Created<NewKeyBody>> CreateAsync(NewKey body, Caller caller, RequestKey once, KeyLedger ledger, CancellationToken cancellationToken) =>
        TypedResults.Created((string?)null, NewKeyBody.Of(await ledger.CreateAsync(caller.Principal, body.ToRequest(), once.Key?.Value, cancellationToken)));

    private static async Task<Ok<RevokedKey>> RevokeAsync(
        string id, Caller caller, KeyLedger ledger, ApiKeyCache cache, CancellationToken cancellationToken) =>
        TypedResults.Ok(await DoneAsync(PathId.Parse(id, "Key"), caller, ledger, cache, cancellationToken));

    internal static async Task<RevokedKey> DoneAsync(Guid id, Caller caller, KeyLedger ledger, ApiKeyCache cache, CancellationToken cancellationToken)
    {
        await ledger.RevokeAsync(caller.Principal, id, cancellationToken);
        cache.Forget(id);
        return new RevokedKey("The key is revoked.");
    }

    /// <param name="Scopes">Of read, write, delete and admin; left out: the first three.</param>
    /// <param name="UserId">The user it is bound to; or <paramref name="AgentId"/>, or neither.</param>
    /// <param name="ExpiresAt">ISO-8601 or unix seconds; left out: never.</param>
    internal sealed record NewKey(string? Label, IReadOnlyList<string>? Scopes, string? UserId, string? AgentId, JsonElement? ExpiresAt)
    {
        internal KeyRequest ToRequest() => new(Label ?? "", Scopes, Subject(), JsonValues.ReadTime("expires_at", ExpiresAt));

        private Owner? Subject() => (UserId, AgentId) switch
        {
            (null, null) => null,
            (not null, not null) => throw new InvalidInputException("agent_id", "A key is bound to one owner: give user_id or agent_id, not both."),
            (not null, _) => new Owner(OwnerKind.User, UserId),
            _ => new Owner(OwnerKind.Agent, AgentId!),
        };
    }

    internal sealed record RevokedKey(string Message);

    internal sealed record KeyList(IReadOnlyList<KeyBody> Results);

    /// <param name="KeyPrefix">How it begins.</param>
    /// <param name="LastUsedAt">To the minute.</param>
    internal sealed record KeyBody(
        Guid Id, string Label, string KeyPrefix, IReadOnlyList<string> Scopes, string? UserId, string? AgentId, DateTimeOffset CreatedAt,
        DateTimeOffset? ExpiresAt, DateTimeOffset? RevokedAt, DateTimeOffset? LastUsedAt)
    {
        internal static KeyBody Of(ApiKey key) => new(
            key.Id, key.Label, key.Prefix, key.Scopes, UserOf(key), AgentOf(key), key.CreatedAt, key.ExpiresAt, key.RevokedAt, key.LastUsedAt);
    }

    /// <param name="Key">Shown this once: nobody can read it again.</param>
    internal sealed record NewKeyBody(
        Guid Id, string Key, string Label, string KeyPrefix, IReadOnlyList<string> Scopes, string? UserId, string? AgentId, DateTimeOffset CreatedAt,
        DateTimeOffset? ExpiresAt)
    {
        internal static NewKeyBody Of(NewApiKey made) => new(
            made.About.Id, made.Key, made.About.Label, made.About.Prefix, made.About.Scopes, UserOf(made.About), AgentOf(made.About), made.About.CreatedAt,
            made.About.ExpiresAt);
    }

    private static string? UserOf(ApiKey key) => key.Subject is { Kind: OwnerKind.User } user ? user.Id : null;

    private static string? AgentOf(ApiKey key) => key.Subject is { Kind: OwnerKind.Agent } agent ? agent.Id : null;
}
