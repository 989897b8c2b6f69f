using System.ComponentModel;
using System.Globalization;

namespace Memory.Core.Ingestion.Extraction;

/// <summary>One fact as a model answers it: bounded, but not yet believed.</summary>
internal sealed record ExtractedFact(
    [Description("One statement in the third person that stands alone.")] string Text,
    ExtractedKind Kind,
    [Description("What the fact is the one current value of, or null.")] string? Attribute,
    [Description("How far progress has come; null for every other kind.")] ExtractedStage? Stage,
    [Description("There is one value for good, as of a birthday.")] bool Fixed,
    [Description("It takes back what was said before.")] bool Correction,
    [Description("0 to 1.")] double Importance,
    [Description("0 to 1.")] double Confidence,
    [Description("Who vouches for it.")] ExtractedSayer SaidBy,
    [Description("YYYY-MM-DD, or null.")] string? Since,
    [Description("The last day it is true, YYYY-MM-DD, or null.")] string? Until,
    [Description("Numbers of the messages it comes from.")] IReadOnlyList<int> Messages,
    IReadOnlyList<ExtractedEntity> Entities,
    IReadOnlyList<ExtractedRelation> Relations,
    [Description("Names of categories that are offered for the message.")] IReadOnlyList<string> Categories)
{
    private const int LongestText = 1_000;
    private const int LongestName = 200;

    internal static readonly string NoName = $"a name is blank or longer than {LongestName} characters.";

    internal DateTimeOffset? SinceDate =>
        Since is null ? null : DateTimeOffset.ParseExact(Since, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    internal DateOnly? UntilDate => Until is null ? null : DateOnly.ParseExact(Until, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    internal string? Problem(int messages) =>
        string.IsNullOrWhiteSpace(Text) || Text.Length > LongestText ? $"text is blank or longer than {LongestText} characters."
        : !WellFormedText.Is(Text) ? "text holds characters that cannot be stored."
        : Importance is not (>= 0 and <= 1) || Confidence is not (>= 0 and <= 1) ? "importance and confidence are numbers from 0 to 1."
        : Messages.Count == 0 ? "messages is empty; name the messages it comes from."
        : Messages.Any(n => n < 1 || n > messages) ? $"messages names one that is not there; they are 1 to {messages}."
        : !IsDate(Since) ? "since is no date of the form YYYY-MM-DD."
        : !IsDate(Until) ? "until is no date of the form YYYY-MM-DD."
        : Names().All(IsName) ? null : NoName;

    internal static bool IsName(string name) => !string.IsNullOrWhiteSpace(name) && name.Length <= LongestName && WellFormedText.Is(name);

    private static bool IsDate(string? text) => text is null || DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    private IEnumerable<string> Names() =>
    [
        .. Entities.SelectMany(entity => (string[])[entity.Name, .. entity.Aliases]),
        .. Relations.SelectMany(relation => (string[])[relation.Predicate, relation.Object, .. relation.Subject is null ? [] : (string[])[relation.Subject]]),
        .. Attribute is null ? [] : (string[])[Attribute],
    ];
}
