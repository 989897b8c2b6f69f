using Memory.Api.Auth;
using Memory.Core;
using Memory.Core.Webhooks;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Memory.Api.Mem0;

/// <summary>/api/v1/webhooks/: whom the key's own project tells of changes. Another project does not exist for it.</summary>
internal static class Webhooks
{
    internal static async Task<Ok<List<WebhookBody>>> ListAsync(string project, Caller caller, WebhookStore store, CancellationToken cancellationToken)
    {
        RequireOwn(project, caller);
        List<Webhook> found = await store.ListAsync(caller.Principal, cancellationToken);
        return TypedResults.Ok(found.Select(webhook => WebhookBody.Of(webhook, caller, null)).ToList());
    }

    internal static async Task<Created<WebhookBody>> AddAsync(string project, WebhookWishBody body, Caller caller, WebhookStore store, CancellationToken cancellationToken)
    {
        RequireOwn(project, caller);
        (Webhook webhook, string secret) = await store.AddAsync(caller.Principal, body.ToWish(isNew: true), cancellationToken);
        return TypedResults.Created((string?)null, WebhookBody.Of(webhook, caller, secret));
    }

    internal static async Task<Ok<MessageBody>> ChangeAsync(string id, WebhookWishBody body, Caller caller, WebhookStore store, CancellationToken cancellationToken)
    {
        await store.ChangeAsync(caller.Principal, PathId.Parse(id, "Webhook"), body.ToWish(isNew: false), cancellationToken);
        return TypedResults.Ok(new MessageBody("Webhook updated successfully!"));
    }

    internal static async Task<Ok<MessageBody>> DeleteAsync(string id, Caller caller, WebhookStore store, CancellationToken cancellationToken)
    {
        await store.DeleteAsync(caller.Principal, PathId.Parse(id, "Webhook"), cancellationToken);
        return TypedResults.Ok(new MessageBody("Webhook deleted successfully!"));
    }

    private static string KindOf(string type) =>
        DeliveryBody.EventTypes.FirstOrDefault(known => known.Value == type).Key ?? throw BadTypes();

    private static InvalidInputException BadTypes() =>
        new("event_types", $"event_types must be a list of {string.Join(", ", DeliveryBody.EventTypes.Values)}.");

    private static void RequireOwn(string project, Caller caller)
    {
        if (PathId.Parse(project, "Project") != caller.Principal.Project.Value)
            throw new NotFoundException("Project");
    }

    internal sealed record MessageBody(string Message);

    internal sealed record WebhookWishBody(string? Name, string? Url, IReadOnlyList<string>? EventTypes, string? Secret, bool? IsActive)
    {
        /// <param name="isNew">Whether it has to be said what is told.</param>
        internal WebhookWish ToWish(bool isNew) => EventTypes is { Count: 0 } || (isNew && EventTypes is null)
            ? throw BadTypes()
            : new WebhookWish(Name, Url, EventTypes?.Select(KindOf).ToList(), Secret, IsActive);
    }

    /// <param name="Secret">What deliveries are signed with; told once, where the webhook is made.</param>
    /// <param name="PendingDeliveries">Those that are still tried; at most <see cref="WebhookStore.MostCounted"/> are counted.</param>
    /// <param name="FailedDeliveries">Those that were given up.</param>
    internal sealed record WebhookBody(
        Guid WebhookId, string Name, string Url, IReadOnlyList<string> EventTypes, bool IsActive, Guid Project, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt,
        string? Secret, long PendingDeliveries, long FailedDeliveries, string? LastError)
    {
        internal static WebhookBody Of(Webhook webhook, Caller caller, string? secret) => new(
            webhook.Id, webhook.Name, webhook.Url, [.. webhook.Kinds.Select(kind => DeliveryBody.EventTypes[kind])], webhook.IsActive, caller.Principal.Project.Value, webhook.CreatedAt, webhook.UpdatedAt,
            secret, webhook.Waiting, webhook.Failed, webhook.LastError);
    }
}
