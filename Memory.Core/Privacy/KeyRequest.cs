namespace Memory.Core.Privacy;

/// <summary>What a new key shall be.</summary>
/// <param name="Label">By which people know it.</param>
/// <param name="Scopes">Null or empty: <see cref="AccessScope.Usual"/>.</param>
/// <param name="Subject">The one owner it is bound to; null: it may act for every owner of the project.</param>
/// <param name="ExpiresAt">Null: never.</param>
public sealed record KeyRequest(string Label, IReadOnlyList<string>? Scopes = null, Owner? Subject = null, DateTimeOffset? ExpiresAt = null)
{
    /// <summary>Longest accepted label, in UTF-16 units.</summary>
    public const int MaxLabelLength = 100;

    /// <returns>Itself, with each of its scopes once.</returns>
    /// <exception cref="InvalidInputException">Says what to do.</exception>
    public KeyRequest Checked(DateTimeOffset now)
    {
        if (string.IsNullOrWhiteSpace(Label))
            throw new InvalidInputException("label", "label is blank: say what the key is for.");
        if (WellFormedText.Require("label", Label).Length > MaxLabelLength)
            throw new InvalidInputException("label", $"label has {Label.Length} characters; at most {MaxLabelLength} are allowed.");
        IReadOnlyList<string> scopes = Scopes is { Count: > 0 } ? Scopes : AccessScope.Usual;
        if (scopes.Any(scope => !AccessScope.All.Contains(scope)))
            throw new InvalidInputException("scopes", $"scopes has one that is not known; known are {string.Join(", ", AccessScope.All)}.");
        if (Subject is { Kind: not (OwnerKind.User or OwnerKind.Agent) })
            throw new InvalidInputException("user_id", "A key is bound to one user or to one agent.");
        if (Subject is { } subject)
            _ = MemoryScope.Of(subject);
        if (ExpiresAt <= now)
            throw new InvalidInputException("expires_at", "expires_at is over already: give a moment to come, or leave it out.");
        return this with { Scopes = [.. AccessScope.All.Where(scopes.Contains)] };
    }
}
