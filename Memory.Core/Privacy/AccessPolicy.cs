namespace Memory.Core.Privacy;

/// <summary>The one place that decides whether a principal may touch an owner's memory.</summary>
public static class AccessPolicy
{
    /// <exception cref="ForbiddenException">The key is bound to another owner.</exception>
    public static void RequireOwner(Principal principal, Owner owner)
    {
        if (principal.Subject is { } subject && subject != owner)
            throw new ForbiddenException($"This key is bound to one {subject.KindName}; ask in that {subject.KindName}'s name.");
    }

    /// <summary>For what concerns everybody in a project.</summary>
    /// <exception cref="ForbiddenException">The key is bound to one owner.</exception>
    public static void RequireWholeProject(Principal principal)
    {
        if (principal.Subject is { } subject)
            throw new ForbiddenException($"This key is bound to one {subject.KindName}, and that concerns everybody in the project.");
    }

    /// <summary>Whether a row that was found by its id alone may be shown: if not, it does not exist for this principal.</summary>
    public static bool MaySee(Principal principal, Owner owner) =>
        principal.Subject is not { } subject || subject == owner;

    /// <summary>
    /// Whether who names an agent, an app or a run alone means as well what others own and carries it. An agent's memories are
    /// of many people, so that takes an operator's key; a run is one conversation, and who knows its id was there.
    /// </summary>
    public static bool MayReachCarried(Principal principal, OwnerKind kind) =>
        principal.Subject is null && kind != OwnerKind.User && (kind == OwnerKind.Run || principal.Scopes.Contains(AccessScope.Admin));
}
