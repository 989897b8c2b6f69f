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
/// <param name="Attribute">For single-valued facts what they are about ("home", "liking of coffee", "progress of sourdough"): a newer value supersedes. Else null.</param>
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

    /// <summary>Of progress, how far it has come: see <see cref="ProgressStage"/>. Else null.</summary>
    public string? Stage { get; init; }

    /// <summary>What it is about has one value for good, as a birthday has: another value contradicts, it does not supersede.</summary>
    public bool IsFixed { get; init; }

    /// <summary>The speaker takes an earlier word back ("sorry, Thursday"): what it replaces was never so.</summary>
    public bool IsCorrection { get; init; }

    /// <summary>Not a fact but the wish that something be forgotten; the content then says nothing about it.</summary>
    public ForgetRequest? Forget { get; init; }

    /// <summary>People, places and things it names.</summary>
    public IReadOnlyList<NamedEntity> Entities { get; init; } = [];

    public IReadOnlyList<NamedRelation> Relations { get; init; } = [];
}

/// <summary>How far somebody has come with something; it only moves forward, or is dropped.</summary>
public static class ProgressStage
{
    public const string Mentioned = "mentioned";
    public const string Explored = "explored";
    public const string Applied = "applied";
    public const string Dropped = "dropped";

    /// <summary>In the order they are passed; dropped comes from any of them.</summary>
    public static IReadOnlyList<string> All { get; } = [Mentioned, Explored, Applied, Dropped];
}

/// <summary>What somebody wants forgotten for good.</summary>
/// <param name="About">"phone number", "that I like jazz", "Elena"; in the words of the person, without the request around them.</param>
/// <param name="IsEntity">All about a person, place or thing of that name; else what is said of it.</param>
public sealed record ForgetRequest(string About, bool IsEntity)
{
    /// <summary>The content of a fact that is such a wish: it does not repeat what is to be forgotten.</summary>
    public const string Content = "Asked that something be forgotten";

    /// <summary>All of the wish's owner, or of the agent, app and run that it names, is meant: nothing is looked for by its words, and all may be learned anew.</summary>
    public bool IsAll { get; init; }
}

/// <param name="Kind">person, place, organization, project or thing.</param>
public sealed record NamedEntity(string Name, string Kind)
{
    /// <summary>Other names of the same, as in "my sister Rosalía, Rosa for short".</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];
}

/// <summary>A relation to an entity, such as <c>lives_in</c> Leeds.</summary>
/// <param name="Predicate">Lower case with underscores.</param>
public sealed record NamedRelation(string Predicate, NamedEntity Entity)
{
    /// <summary>Whose relation it is; null: the owner's.</summary>
    public NamedEntity? Subject { get; init; }

    /// <summary>There is one at a time, as there is one manager: a new one supersedes.</summary>
    public bool IsSingle { get; init; }
}
