using System.ComponentModel;
using System.Globalization;
using Memory.Core.LongTerm;

namespace Memory.Core.Ingestion.Extraction;

/// <summary>What a model answers to the extraction prompt.</summary>
internal sealed record ExtractedFacts(
    [Description("The facts worth remembering, in the order they were said; empty where there are none.")] IReadOnlyList<ExtractedFact> Facts)
{
    /// <summary>More than twenty messages can hold.</summary>
    private const int MostFacts = 200;

    /// <returns>What is wrong, for the model to read; null when nothing is.</returns>
    internal string? Problem(int messages)
    {
        if (Facts.Count > MostFacts)
            return $"There are {Facts.Count} facts; give the {MostFacts} that matter most.";
        for (var i = 0; i < Facts.Count; i++)
        {
            if (Facts[i].Problem(messages) is { } problem)
                return $"facts[{i}]: {problem}";
        }

        return null;
    }
}

internal sealed record ExtractedFact(
    [Description("One statement in the third person that stands alone.")] string Text,
    ExtractedKind Kind,
    [Description("What the fact is the one current value of, or null.")] string? Attribute,
    [Description("0 to 1.")] double Importance,
    [Description("0 to 1.")] double Confidence,
    [Description("YYYY-MM-DD, or null.")] string? Since,
    [Description("Numbers of the messages it comes from.")] IReadOnlyList<int> Messages,
    IReadOnlyList<ExtractedEntity> Entities,
    IReadOnlyList<ExtractedRelation> Relations)
{
    private const int LongestText = 1_000;
    private const int LongestName = 200;

    internal DateTimeOffset? SinceDate =>
        Since is null ? null : DateTimeOffset.ParseExact(Since, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    internal string? Problem(int messages) =>
        string.IsNullOrWhiteSpace(Text) || Text.Length > LongestText ? $"text is blank or longer than {LongestText} characters."
        : !WellFormedText.Is(Text) ? "text holds characters that cannot be stored."
        : Importance is not (>= 0 and <= 1) || Confidence is not (>= 0 and <= 1) ? "importance and confidence are numbers from 0 to 1."
        : Messages.Count == 0 ? "messages is empty; name the messages it comes from."
        : Messages.Any(n => n < 1 || n > messages) ? $"messages names one that is not there; they are 1 to {messages}."
        : Since is not null && !DateOnly.TryParseExact(Since, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _) ? "since is no date of the form YYYY-MM-DD."
        : Names().Any(name => string.IsNullOrWhiteSpace(name) || name.Length > LongestName || !WellFormedText.Is(name)) ? $"a name is blank or longer than {LongestName} characters."
        : null;

    private IEnumerable<string> Names() =>
        [.. Entities.Select(entity => entity.Name), .. Relations.SelectMany(relation => (string[])[relation.Predicate, relation.Entity]), .. Attribute is null ? [] : (string[])[Attribute]];
}

internal sealed record ExtractedEntity(string Name, ExtractedEntityKind Kind);

internal sealed record ExtractedRelation(string Predicate, [Description("Name of one of the entities.")] string Entity);

/// <summary>The names are those of <see cref="MemoryKind"/>.</summary>
internal enum ExtractedKind
{
    Profile,
    Preference,
    Goal,
    Progress,
    OpenLoop,
    Relationship,
    Event,
    Instruction,
    Summary,
    Fact,
}

internal enum ExtractedEntityKind
{
    Person,
    Place,
    Organization,
    Project,
    Thing,
}
