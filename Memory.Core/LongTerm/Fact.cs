namespace Memory.Core.LongTerm;

public static class MemoryKind
{
    public const string Profile = "profile";
    public const string Preference = "preference";
    public const string Goal = "goal";
    public const string Progress = "progress";
    public const string OpenLoop = "open_loop";
    public const string Relationship = "relationship";
    public const string Event = "event";
    public const string Instruction = "instruction";
    public const string Summary = "summary";

    /// <summary>What is worth keeping and none of the others; also everything that was written without extraction.</summary>
    public const string Fact = "fact";
}

/// <summary>A candidate distilled from episodes, not yet accepted.</summary>
/// <param name="Content">One statement in plain words that stands without its conversation.</param>
/// <param name="Attribute">For single-valued facts what they are about ("home"): a newer value supersedes. Else null.</param>
/// <param name="Importance">0..1, higher matters more.</param>
/// <param name="Confidence">0..1, higher is surer.</param>
/// <param name="Trusted">False for what was merely read, or claimed by the assistant.</param>
/// <param name="Source">user, assistant, tool, document, import or api.</param>
/// <param name="SourceSeqs">The episodes it was distilled from; empty for a direct write.</param>
/// <param name="At">When its newest source was said.</param>
/// <param name="ValidFrom">When it became true, or happened; null: not said.</param>
public sealed record Fact(
    string Content, string Kind, string? Attribute, double Importance, double Confidence, bool Trusted,
    string Source, IReadOnlyList<long> SourceSeqs, DateTimeOffset At, DateTimeOffset? ValidFrom = null)
{
    public string? AgentId { get; init; }

    public string? AppId { get; init; }

    public string? RunId { get; init; }

    /// <summary>A JSON object the caller attached; returned untouched.</summary>
    public string? Metadata { get; init; }

    public DateOnly? ExpiresOn { get; init; }

    public IReadOnlyList<string> Categories { get; init; } = [];

    /// <summary>People, places and things it names.</summary>
    public IReadOnlyList<NamedEntity> Entities { get; init; } = [];

    public IReadOnlyList<NamedRelation> Relations { get; init; } = [];
}

/// <param name="Kind">person, place, organization, project or thing.</param>
public sealed record NamedEntity(string Name, string Kind);

/// <summary>A relation of the owner to an entity, such as <c>lives_in</c> Leeds.</summary>
public sealed record NamedRelation(string Predicate, NamedEntity Entity);
