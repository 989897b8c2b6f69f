using System.Text.Json;
using System.Text.Json.Nodes;
using Memory.Api.Auth;
using Memory.Api.Wire;
using Memory.Core;
using Memory.Core.Ingestion.Distilling;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Memory.Api.Mem0;

/// <summary>
/// GET and PATCH of /api/v1/orgs/organizations/{org}/projects/{project}/: how the key's own project wants its messages distilled.
/// Of another project nothing is said, not even that it exists.
/// </summary>
internal static class Project
{
    internal static async Task<Ok<JsonObject>> GetAsync(
        string org, string project, HttpRequest http, Caller caller, DistillingStore store, CancellationToken cancellationToken)
    {
        RequireOwn(org, project, caller);
        DistillingSettings settings = await store.ReadAsync(caller.Principal.Project, cancellationToken);
        var all = new JsonObject
        {
            ["id"] = project,
            ["org_id"] = org,
            ["custom_instructions"] = settings.Wishes.CustomInstructions,
            ["custom_categories"] = JsonSerializer.SerializeToNode(WishesBody.Write(settings.Wishes.Categories)),
            ["inclusion_prompt"] = settings.Wishes.Includes,
            ["exclusion_prompt"] = settings.Wishes.Excludes,
        };
        string[] fields = [.. http.Query["fields"].Concat(http.Query["fields[]"]).SelectMany(names => (names ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))];
        return TypedResults.Ok(fields.Length == 0 ? all : new JsonObject(all.Where(field => fields.Contains(field.Key)).Select(field => KeyValuePair.Create(field.Key, field.Value?.DeepClone()))));
    }

    internal static async Task<Ok<PatchAnswer>> PatchAsync(
        string org, string project, JsonElement body, Caller caller, DistillingStore store, CancellationToken cancellationToken)
    {
        RequireOwn(org, project, caller);
        if (body.ValueKind != JsonValueKind.Object)
            throw new InvalidInputException("body", "Send an object with custom_instructions, custom_categories or both.");
        await store.ChangeAsync(caller.Principal, settings => settings with { Wishes = Changed(settings.Wishes, body) }, cancellationToken);
        return TypedResults.Ok(new PatchAnswer("Project updated successfully!"));
    }

    /// <summary>Projects and their members are an operator's, not a key's.</summary>
    internal static IResult Refuse() =>
        throw new ForbiddenException("Projects are made and removed by the operator on the command line, not by a key.");

    // What is not named stays; null clears.
    private static Memory.Core.Episodic.Wishes Changed(Memory.Core.Episodic.Wishes wishes, JsonElement body)
    {
        Memory.Core.Episodic.Wishes read = WishesBody.Read(
            Text(body, "custom_instructions"), Value(body, "inclusion_prompt"), Value(body, "exclusion_prompt"), Value(body, "custom_categories"));
        return wishes with
        {
            CustomInstructions = body.TryGetProperty("custom_instructions", out _) ? read.CustomInstructions : wishes.CustomInstructions,
            Includes = body.TryGetProperty("inclusion_prompt", out _) ? read.Includes : wishes.Includes,
            Excludes = body.TryGetProperty("exclusion_prompt", out _) ? read.Excludes : wishes.Excludes,
            Categories = body.TryGetProperty("custom_categories", out _) ? read.Categories : wishes.Categories,
        };
    }

    private static JsonElement? Value(JsonElement body, string name) => body.TryGetProperty(name, out JsonElement value) ? value : null;

    private static string? Text(JsonElement body, string name) => Value(body, name) switch
    {
        null or { ValueKind: JsonValueKind.Null } => null,
        { ValueKind: JsonValueKind.String } text => JsonValues.ReadText(name, text),
        _ => throw new InvalidInputException(name, $"{name} must be a text."),
    };

    private static void RequireOwn(string org, string project, Caller caller)
    {
        bool isOwn = Guid.TryParse(org, out Guid organization) && organization == caller.Principal.OrganizationId
            && Guid.TryParse(project, out Guid id) && id == caller.Principal.Project.Value;
        if (!isOwn)
            throw new NotFoundException("Project");
    }

    internal sealed record PatchAnswer(string Message);
}
