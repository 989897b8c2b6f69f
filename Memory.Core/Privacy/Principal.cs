namespace Memory.Core.Privacy;

/// <summary>Who asks: always from a credential, never from a request.</summary>
/// <param name="Actor">What the audit log names: <c>key:…</c> or <c>worker</c>; holds no secret.</param>
/// <param name="Subject">The one owner the key is bound to; null when it may act for every owner of its project.</param>
public sealed record Principal(ProjectId Project, Guid OrganizationId, string Actor, IReadOnlySet<string> Scopes, Owner? Subject)
{
    /// <summary>The id of its key; null: it has none, as a worker.</summary>
    public Guid? KeyId { get; init; }

    /// <summary>When its key ends; null: never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}

/// <summary>What a key may be allowed to do.</summary>
public static class AccessScope
{
    public const string Read = "read";
    public const string Write = "write";
    public const string Delete = "delete";
    public const string Admin = "admin";

    public static IReadOnlyList<string> All { get; } = [Read, Write, Delete, Admin];

    /// <summary>What a key may do that nothing was said of: whoever makes keys is asked for by name.</summary>
    public static IReadOnlyList<string> Usual { get; } = [Read, Write, Delete];
}
