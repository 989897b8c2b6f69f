namespace Memory.Core.Episodic;

/// <summary>A message as the caller hands it in.</summary>
/// <param name="Role">user, assistant, system or tool.</param>
/// <param name="Name">Who speaks, when more people than user and assistant do; else null.</param>
/// <param name="At">When it was said; null: now. Later than now counts as now: tomorrow's word would outrank everything said until then.</param>
/// <param name="Metadata">A JSON object, stored and returned untouched; null: none.</param>
public sealed record NewMessage(string Role, string Content, string? Name = null, DateTimeOffset? At = null, string? Metadata = null)
{
    private static readonly string[] s_roles = ["user", "assistant", "system", "tool"];

    /// <summary>Longest accepted text, in UTF-16 units.</summary>
    public const int MaxContentLength = 32 * 1024;

    /// <inheritdoc cref="Checked(string)"/>
    public NewMessage Checked(int index) => Checked($"messages[{index}].");

    /// <returns>Itself, a blank name left out.</returns>
    /// <exception cref="InvalidInputException">Role, text or name are not acceptable.</exception>
    /// <param name="place">Where it stands, as a caller finds it: before the field's name.</param>
    public NewMessage Checked(string place)
    {
        if (!s_roles.Contains(Role))
            throw new InvalidInputException($"{place}role", $"{place}role is '{Role}': use user, assistant, system or tool.");
        if (string.IsNullOrWhiteSpace(Content))
            throw new InvalidInputException($"{place}content", $"{place}content is blank.");
        if (Content.Length > MaxContentLength)
            throw new InvalidInputException($"{place}content", $"{place}content has {Content.Length} characters; at most {MaxContentLength} are allowed.");
        WellFormedText.Require($"{place}content", Content);
        if (Name is not null && WellFormedText.Require($"{place}name", Name).Length > MemoryScope.MaxIdLength)
            throw new InvalidInputException($"{place}name", $"{place}name has {Name.Length} characters; at most {MemoryScope.MaxIdLength} are allowed.");
        if (Metadata is not null)
            WellFormedText.Require($"{place}metadata", Metadata);
        return string.IsNullOrWhiteSpace(Name) ? this with { Name = null } : this;
    }
}

/// <summary>One message as it was said; immutable.</summary>
/// <param name="Seq">Its place in the owner's history: 1, 2, 3, … without gaps.</param>
/// <param name="Event">The append it came with.</param>
public sealed record Episode(
    long Seq, EpisodeId Id, EventId Event, string? AgentId, string? AppId, string? RunId,
    string Role, string? Name, string Content, DateTimeOffset OccurredAt, string? Metadata)
{
    /// <summary>When it was stored, by the database's clock.</summary>
    public DateTimeOffset RecordedAt { get; init; }
}
