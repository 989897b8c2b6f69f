using Memory.Api.Auth;
using Memory.Api.Endpoints;
using Memory.Api.Wire;
using Memory.Core.Privacy;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Memory.Api.Mem0;

/// <summary>/api-keys, as mem0's own server has it: a label, and no more is asked. Keys that no longer hold are not listed.</summary>
internal static class OssKeys
{
    internal static void MapOssKeys(this IEndpointRouteBuilder app)
    {
        RouteGroupBuilder keys = app.MapGroup("/api-keys").RequireAuthorization(AccessScope.Admin).WithMetadata(new ListedErrors());
        keys.MapGet("/", ListAsync);
        keys.MapPost("/", CreateAsync);
        keys.MapDelete("/{id}", RevokeAsync);
    }

    private static async Task<Ok<List<KeyBody>>> ListAsync(Caller caller, KeyLedger ledger, CancellationToken cancellationToken) =>
        TypedResults.Ok((await ledger.ListAsync(caller.Principal, all: false, cancellationToken)).ConvertAll(KeyBody.Of));

    private static async Task<Created<NewKeyBody>> CreateAsync(NewKey body, Caller caller, RequestKey once, KeyLedger ledger, CancellationToken cancellationToken) =>
        TypedResults.Created((string?)null, NewKeyBody.Of(await ledger.CreateAsync(caller.Principal, new KeyRequest(body.Label ?? ""), once.Key?.Value, cancellationToken)));

    private static async Task<Ok<KeyEndpoints.RevokedKey>> RevokeAsync(
        string id, Caller caller, KeyLedger ledger, ApiKeyCache cache, CancellationToken cancellationToken) =>
        TypedResults.Ok(await KeyEndpoints.DoneAsync(PathId.Parse(id, "Key"), caller, ledger, cache, cancellationToken));

    internal sealed record NewKey(string? Label);

    internal sealed record KeyBody(Guid Id, string Label, string KeyPrefix, DateTimeOffset CreatedAt, DateTimeOffset? LastUsedAt)
    {
        internal static KeyBody Of(ApiKey key) => new(key.Id, key.Label, key.Prefix, key.CreatedAt, key.LastUsedAt);
    }

    internal sealed record NewKeyBody(Guid Id, string Key, string Label, string KeyPrefix, DateTimeOffset CreatedAt)
    {
        internal static NewKeyBody Of(NewApiKey made) => new(made.About.Id, made.Key, made.About.Label, made.About.Prefix, made.About.CreatedAt);
    }
}
