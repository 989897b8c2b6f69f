using System.Text.Json;
using Memory.Core.Episodic;
using Memory.Core.LongTerm;

namespace Memory.Core.Ingestion.Extraction;

/// <summary>
/// Makes facts of what a model answered. Who said something is known from its messages; a model's word on that can only
/// lower what it is worth.
/// </summary>
/// <param name="messages">As they were numbered for the model, from 1.</param>
/// <param name="project">What the project wishes, where a request wishes nothing of its own.</param>
internal sealed class AnswerReading(IReadOnlyList<ImportantMessage> messages, Wishes project)
{
    private const string CurrentGoal = "current goal";
    private const string ProgressOf = "progress of ";

    /// <summary>From the most to the least that it is worth.</summary>
    private static readonly string[] s_sources = ["user", "assistant", "document", "tool"];

    /// <returns>In the order they were said.</returns>
    internal IReadOnlyList<Fact> FactsOf(ExtractedFacts answer) =>
    [
        .. answer.Facts.Select(ToFact)
            .Concat(answer.Forget.Select(ToWish).OfType<Fact>())
            .OrderBy(fact => fact.SourceSeqs[^1]),
    ];

    private Fact ToFact(ExtractedFact fact)
    {
        List<ImportantMessage> sources = [.. fact.Messages.Distinct().Order().Select(n => messages[n - 1])];
        string source = Source(fact.SaidBy, sources);
        List<NamedEntity> entities = [.. fact.Entities.Select(entity => new NamedEntity(entity.Name.Trim(), Name(entity.Kind)) { Aliases = [.. entity.Aliases.Select(alias => alias.Trim())] })];
        return Of(fact.Text.Trim(), Name(fact.Kind), Attribute(fact), Importance(fact.Importance, sources), fact.Confidence, source, sources) with
        {
            ValidFrom = fact.SinceDate,
            ExpiresOn = Earlier(fact.UntilDate, sources.Min(one => one.Request.ExpiresOn)),
            Categories = Offered(fact.Categories, sources),
            Stage = fact is { Kind: ExtractedKind.Progress, Stage: { } stage } ? Name(stage) : null,
            // A birthday is one for good, whether the model thinks of it or not.
            IsFixed = fact.Attribute is not null && (fact.Fixed || IsBirthday(fact.Attribute)),
            IsCorrection = fact.Correction,
            Entities = entities,
            Relations = [.. fact.Relations.Select(relation => ToRelation(relation, entities))],
        };
    }

    // Only a person has something forgotten; whoever else asks, asks in vain.
    private Fact? ToWish(ExtractedForget wish)
    {
        ImportantMessage message = messages[wish.Message - 1];
        return message.Episode.Role != "user" ? null
            : Of(ForgetRequest.Content, MemoryKind.Fact, null, importance: 1, confidence: 1, "user", [message]) with { Forget = new ForgetRequest(wish.About.Trim(), wish.Entity) };
    }

    private static Fact Of(
        string content, string kind, string? attribute, double importance, double confidence, string source, List<ImportantMessage> sources)
    {
        Episode newest = sources[^1].Episode;
        return new Fact(
            content, kind, attribute, importance, confidence, Trusted: source == "user", source,
            SourceSeqs: [.. sources.Select(one => one.Episode.Seq)], At: newest.OccurredAt)
        {
            AgentId = newest.AgentId,
            AppId = newest.AppId,
            RunId = newest.RunId,
            Metadata = newest.Metadata,
        };
    }

    /// <summary>
    /// The mean of what the cheap rules made of its most important message and of the model's own estimate: neither alone
    /// makes a fact worth keeping, nor worthless.
    /// </summary>
    private static double Importance(double estimate, List<ImportantMessage> sources) => (estimate + sources.Max(one => one.Importance)) / 2;

    // The least trustworthy of those who vouch for it decides.
    private static string Source(ExtractedSayer saidBy, List<ImportantMessage> sources) => s_sources[Math.Max(
        (int)saidBy,
        sources.Max(one => one.Episode.Role switch { "user" => 0, "assistant" => 1, _ => 3 }))];

    private static string? Attribute(ExtractedFact fact)
    {
        string? attribute = fact.Attribute?.Trim().ToLowerInvariant();
        return attribute is null ? null
            : fact.Kind == ExtractedKind.Progress && !attribute.StartsWith(ProgressOf, StringComparison.Ordinal) ? ProgressOf + attribute
            : fact.Kind == ExtractedKind.Goal && attribute is "goal" or "main goal" ? CurrentGoal
            : attribute;
    }

    private static bool IsBirthday(string attribute) =>
        attribute.Trim().StartsWith("birthday", StringComparison.OrdinalIgnoreCase) || attribute.Trim().StartsWith("date of birth", StringComparison.OrdinalIgnoreCase);

    // Only what was offered for one of its messages; the names as they were offered.
    private string[] Offered(IReadOnlyList<string> answered, List<ImportantMessage> sources) =>
    [
        .. sources.SelectMany(one => one.Request.Categories ?? project.Categories ?? [])
            .Select(category => category.Name)
            .Distinct(StringComparer.Ordinal)
            .Where(name => answered.Contains(name, StringComparer.OrdinalIgnoreCase)),
    ];

    private static NamedRelation ToRelation(ExtractedRelation relation, List<NamedEntity> entities) =>
        new(relation.Predicate.Trim(), Named(relation.Object.Trim(), entities))
        {
            Subject = relation.Subject is null ? null : Named(relation.Subject.Trim(), entities),
            IsSingle = relation.Single,
        };

    private static NamedEntity Named(string name, List<NamedEntity> entities) =>
        entities.Find(entity => entity.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) ?? new NamedEntity(name, "thing");

    private static DateOnly? Earlier(DateOnly? one, DateOnly? other) => one < other ? one : other ?? one;

    private static string Name<T>(T kind)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString());
}
