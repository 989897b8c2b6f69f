using Memory.Core.Ingestion.Extraction.Rules;
using Memory.Core.LongTerm;

namespace Memory.Core.Ingestion.Extraction;

/// <summary>What a statement is about, as far as the rules tell.</summary>
/// <param name="Attribute">What it is the one value of; null: it stands beside others.</param>
internal sealed record Topic(string Kind, string? Attribute, double Importance)
{
    /// <summary>A name of a place or an organization.</summary>
    internal const string Name = @"(?<name>\p{Lu}[\p{L}\p{M}\d'’&.-]*(?: (?:(?:of|de|la|le|el|the|van|von|and|&|upon|on|am|do|da|del) ){0,2}\p{Lu}[\p{L}\p{M}\d'’&.-]*)*)";

    public IReadOnlyList<NamedRelation> Relations { get; init; } = [];

    public IReadOnlyList<NamedEntity> Entities { get; init; } = [];

    public bool IsFixed { get; init; }

    /// <summary>Of progress; of something else, how far it would bring what is in progress.</summary>
    public string? Stage { get; init; }

    /// <summary>How the rule puts what is said of the subject; null: as it was.</summary>
    public string? Content { get; init; }

    /// <summary>How many days it holds, where that is not for long.</summary>
    public int? Days { get; init; }

    /// <summary>No rule knows what it is about: it is only kept if it tells enough.</summary>
    public bool IsLoose { get; init; }

    /// <summary>Kept only where it was asked to be.</summary>
    public bool IsLost { get; init; }

    /// <summary>It may be about progress, or about anything.</summary>
    public bool IsGuess { get; init; }

    /// <param name="fact">In the third person.</param>
    internal static Topic Of(string fact, string speaker, bool isNews = false)
    {
        // "User's brother is called Ivan" is said of the speaker: it is a brother they have.
        if (fact.StartsWith(speaker, StringComparison.Ordinal) && People.Called(fact[speaker.Length..]) is { } called)
            return called;
        (Subject subject, string said) = Subject.Of(fact, speaker);
        Topic topic = OfSaid(subject, said, isNews);
        if (subject.Label.Length == 0)
            return topic with { Attribute = null, Stage = null };
        // A name that one knows nothing of, and a statement that no rule is about: most often neither is one.
        if (subject is { Role: null, IsSpeaker: false } && topic.IsLoose)
            return topic with { Attribute = null, Stage = null, IsLost = true };
        return subject.IsSpeaker ? topic with { Entities = Happenings.Named(topic, said) } : topic with
        {
            Kind = topic.Kind == MemoryKind.Event ? MemoryKind.Event : MemoryKind.Relationship,
            Attribute = topic.Stage is not null && topic.Kind == MemoryKind.Progress ? null : subject.Own(topic.Attribute),
            Stage = null,
            Relations = [.. subject.Tie is { } tie ? [tie] : (NamedRelation[])[], .. topic.Relations.Where(_ => subject.Entity is not null).Select(relation => relation with { Subject = subject.Entity })],
            Entities = subject.Entity is { } entity ? [entity with { Aliases = People.Person(entity.Name, fact).Aliases }] : [],
        };
    }

    private static Topic OfSaid(Subject subject, string said, bool isNews)
    {
        Topic? progress = subject.IsSpeaker ? Progressing.Of(said) : null;
        if (progress is { IsGuess: false })
            return progress;
        Topic topic = Possessions.Of(said) ?? People.Of(subject, said) ?? Goals.Of(said) ?? Bodies.Of(said) ?? Homes.Of(said) ?? Jobs.Of(said, isNews) ?? Measures.Of(said)
            ?? Schedules.Of(said) ?? (subject.IsSpeaker ? OpenLoops.Of(said) : null) ?? Stays.Of(said) ?? Likings.Of(said) ?? Habits.Of(said) ?? Happenings.Of(said);
        return topic.Stage is null ? topic with { Stage = progress?.Stage ?? Happenings.StageOf(topic, said) } : topic;
    }
}
