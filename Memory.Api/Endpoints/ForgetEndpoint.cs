using Memory.Api.Auth;
using Memory.Api.Wire;
using Memory.Core;
using Memory.Core.Ingestion.Forgetting;
using Memory.Core.LongTerm;
using Memory.Core.Privacy;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Memory.Api.Endpoints;

/// <summary>Forgetting for good at a person's wish, with a preview where one is asked for.</summary>
internal static class ForgetEndpoint
{
    internal static void MapForget(this IEndpointRouteBuilder app) =>
        app.MapPost("/v1/forget/", ForgetAsync).RequireAuthorization(AccessScope.Delete);

    private static async Task<Ok<ForgetAnswer>> ForgetAsync(
        ForgetBody body, Caller caller, RequestKey key, Forgetter forgetter, CancellationToken cancellationToken)
    {
        MemoryScope scope = MemoryScope.Create(body.UserId, body.AgentId, body.AppId, body.RunId);
        if (body.About is not null && body.Entity is not null)
            throw new InvalidInputException("entity", "Both about and entity are given: use one of them.");
        var request = new ForgetRequest(body.Entity ?? body.About ?? "", body.Entity is not null);
        if (body.Preview)
        {
            IReadOnlyList<ForgetTarget> targets = await forgetter.PreviewAsync(caller.Principal, scope, request, cancellationToken);
            return TypedResults.Ok(new ForgetAnswer(
                targets.Count(target => target.IsWhole), null,
                [.. targets.Select(target => new Found(target.Memory.Value, target.Content, target.IsWhole ? null : target.Version))]));
        }

        (EventId done, int memories) = await forgetter.ForgetAsync(caller.Principal, scope, request, key.Key, cancellationToken);
        return TypedResults.Ok(new ForgetAnswer(memories, done.Value, null));
    }

    /// <param name="About">What is said: "phone number".</param>
    /// <param name="Entity">The name of a person, place or thing, of whom everything goes.</param>
    internal sealed record ForgetBody(string? UserId, string? AgentId, string? AppId, string? RunId, string? About, string? Entity, bool Preview);

    /// <param name="Memories">How many go, or have gone.</param>
    /// <param name="EventId">Null in a preview.</param>
    /// <param name="Found">What would go; only in a preview.</param>
    internal sealed record ForgetAnswer(int Memories, Guid? EventId, IReadOnlyList<Found>? Found);

    /// <param name="Version">An older version that goes, while the memory stays; null: all of it goes.</param>
    internal sealed record Found(Guid Id, string Memory, int? Version);
}
