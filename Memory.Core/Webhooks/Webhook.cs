namespace Memory.Core.Webhooks;

/// <summary>Whom a project tells of changes.</summary>
/// <param name="Kinds">Of <see cref="MemoryNewsKind"/>.</param>
/// <param name="IsActive">Switched off, it is sent nothing: what waits is kept, and what happens meanwhile is not noted.</param>
/// <param name="Waiting">Deliveries that are still tried; no more than <see cref="WebhookStore.MostCounted"/> are counted.</param>
/// <param name="Failed">Deliveries that were given up, counted likewise.</param>
/// <param name="LastError">The newest of those that wait or were given up; null: none has one.</param>
public sealed record Webhook(
    Guid Id, string Name, string Url, IReadOnlyList<string> Kinds, bool IsActive, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt,
    long Waiting, long Failed, string? LastError);

/// <summary>What is wanted of a webhook; null: not said.</summary>
/// <param name="Secret">What deliveries are signed with.</param>
public sealed record WebhookWish(string? Name, string? Url, IReadOnlyList<string>? Kinds, string? Secret, bool? IsActive);

/// <summary>What a webhook can be told of.</summary>
public static class MemoryNewsKind
{
    public const string Added = "added";
    public const string Changed = "changed";
    public const string Closed = "closed";
    public const string Categorized = "categorized";

    public static IReadOnlyList<string> All { get; } = [Added, Changed, Closed, Categorized];
}

/// <summary>A change of a memory that a webhook may want to know of.</summary>
/// <param name="Version">That says it; null: it was forgotten.</param>
public sealed record MemoryNews(string Kind, MemoryId Memory, int? Version, EventId Event);
