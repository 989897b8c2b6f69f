using Memory.Core.Episodic;
using Memory.Core.LongTerm;
using Memory.Models.Builtin;

namespace Memory.Core.Ingestion.Extraction;

/// <summary>
/// Distils facts from plain English by rules, without a model. What is asked, imagined or merely chatted yields nothing.
/// </summary>
public sealed class BuiltinExtractor : IExtractor
{
    private const int FewestWords = 3;
    private const int LongestFact = 500;

    public Distiller By => Distiller.Builtin;

    public Task<IReadOnlyList<Fact>> ExtractAsync(IReadOnlyList<ImportantMessage> messages, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Fact>>(
        [
            .. messages.SelectMany(message => Extract(message.Episode, message.Importance)
                .Select(fact => fact with { ExpiresOn = message.Request.ExpiresOn })),
        ]);

    public static IReadOnlyList<Fact> Extract(Episode episode, double importance) =>
        episode.Role == "user"
            ? [.. Sentences.Of(episode.Content).Select(said => ToFact(episode, importance, said)).OfType<Fact>()]
            : [];

    private static Fact? ToFact(Episode episode, double importance, Sentences.Said said)
    {
        // Measured before it is read: what follows sees short texts only.
        if (said.Text.Length > LongestFact || (!said.Explicit && Chatter.Is(said.Text)))
            return null;
        string speaker = string.IsNullOrWhiteSpace(episode.Name) ? "User" : episode.Name.Trim();
        string? content = Statement.AboutSpeaker(said.Text, speaker, said.Opens) ?? (said.Explicit ? Sentence(said.Text) : null);
        if (content is null || content.Length > LongestFact || !SaysSomething(content, speaker))
            return null;

        Topic topic = Topic.Of(content, speaker);
        return new Fact(
            content, topic.Kind, string.IsNullOrWhiteSpace(episode.Name) ? topic.Attribute : Qualified(topic.Attribute, speaker),
            Importance: Math.Max(importance, topic.Importance), Confidence: said.Explicit ? 0.95 : 0.8, Trusted: true,
            Source: "user", SourceSeqs: [episode.Seq], At: episode.OccurredAt)
        {
            AgentId = episode.AgentId,
            AppId = episode.AppId,
            RunId = episode.RunId,
            Metadata = episode.Metadata,
            Relations = topic.Relation is null ? [] : [topic.Relation],
        };
    }

    private static bool SaysSomething(string content, string speaker) =>
        content.Split(' ').Length >= FewestWords
        && EnglishWords.Split(content.Replace(speaker, "", StringComparison.Ordinal)).Any(word => !EnglishWords.IsStopWord(word));

    private static string Sentence(string statement) => char.ToUpperInvariant(statement[0]) + statement[1..];

    // In a conversation of several people each has a home and a job of their own.
    private static string? Qualified(string? attribute, string speaker) =>
        attribute is null ? null : $"{attribute} of {speaker}";
}
