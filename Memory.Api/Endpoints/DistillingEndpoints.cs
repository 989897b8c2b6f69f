using System.Text.Json;
using Memory.Api.Auth;
using Memory.Api.Wire;
using Memory.Core.Ingestion.Distilling;
using Memory.Core.Privacy;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Memory.Api.Endpoints;

/// <summary>How the key's project wants its messages distilled: read, and replaced as a whole.</summary>
internal static class DistillingEndpoints
{
    internal static void MapDistilling(this IEndpointRouteBuilder app)
    {
        app.MapGet("/v1/project/distilling/", GetAsync).RequireAuthorization(AccessScope.Read);
        app.MapPut("/v1/project/distilling/", PutAsync).RequireAuthorization(AccessScope.Admin);
    }

    private static async Task<Ok<DistillingAnswer>> GetAsync(Caller caller, DistillingStore store, CancellationToken cancellationToken)
    {
        AccessPolicy.RequireWholeProject(caller.Principal);
        return TypedResults.Ok(DistillingAnswer.Of(await store.ReadAsync(caller.Principal.Project, cancellationToken)));
    }

    private static async Task<Ok<DistillingAnswer>> PutAsync(
        DistillingBody body, Caller caller, DistillingStore store, CancellationToken cancellationToken) =>
        TypedResults.Ok(DistillingAnswer.Of(await store.SaveAsync(caller.Principal, body.ToSettings(), cancellationToken)));

    internal sealed record DistillingBody(
        string? CustomInstructions, JsonElement? Includes, JsonElement? Excludes, JsonElement? CustomCategories, string? Prompt, string? Profile)
    {
        internal DistillingSettings ToSettings() => new()
        {
            Wishes = WishesBody.Read(CustomInstructions, Includes, Excludes, CustomCategories),
            Prompt = Prompt,
            Profile = Profile,
        };
    }

    /// <param name="Profiles">Those that may be named.</param>
    internal sealed record DistillingAnswer(
        string? CustomInstructions, string? Includes, string? Excludes, IReadOnlyList<Dictionary<string, string>>? CustomCategories,
        string? Prompt, string? Profile, IReadOnlyList<string> Profiles)
    {
        internal static DistillingAnswer Of(DistillingSettings settings) => new(
            settings.Wishes.CustomInstructions, settings.Wishes.Includes, settings.Wishes.Excludes, WishesBody.Write(settings.Wishes.Categories),
            settings.Prompt, settings.Profile, DistillingSettings.Profiles);
    }
}
