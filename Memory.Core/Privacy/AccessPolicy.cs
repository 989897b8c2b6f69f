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

    /// <summary>Whether a row that was found by its id alone may be shown: if not, it does not exist for this principal.</summary>
    public static bool MaySee(Principal principal, Owner owner) =>
        principal.Subject is not { } subject || subject == owner;
}
