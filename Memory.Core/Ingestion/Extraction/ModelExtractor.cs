using System.Globalization;
using System.Text;
using System.Text.Json;
using Memory.Core.Episodic;
using Memory.Core.LongTerm;
using Memory.Models;
using Memory.Models.Structured;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace Memory.Core.Ingestion.Extraction;

/// <summary>Distils facts with a model: one call a batch, the answer by schema.</summary>
public sealed class ModelExtractor([FromKeyedServices(ModelRole.Extract)] IChatClient model, ModelIds ids) : IExtractor
{
    private static readonly PromptFile s_prompt = PromptFile.Read("Extraction.extract.md");

    public Distiller By => new(ids.Of(ModelRole.Extract), s_prompt.Hash);

    public async Task<IReadOnlyList<Fact>> ExtractAsync(IReadOnlyList<ImportantMessage> messages, CancellationToken cancellationToken)
    {
        // What a system message says is the application's own, not something that was learned.
        List<ImportantMessage> said = [.. messages.Where(message => message.Episode.Role != "system")];
        if (said.Count == 0)
            return [];
        var format = new AnswerFormat<ExtractedFacts>("remember_facts", "Hands over the facts worth remembering.", answer => answer.Problem(said.Count));
        ExtractedFacts answer = await model.AskAsync(
            [new ChatMessage(ChatRole.System, s_prompt.Text), new ChatMessage(ChatRole.User, Quote(said))], format, cancellationToken);
        return [.. answer.Facts.Select(fact => ToFact(fact, said))];
    }

    private static string Quote(List<ImportantMessage> messages)
    {
        var text = new StringBuilder();
        foreach (IGrouping<string, int> asked in messages
            .Select((message, index) => (message.Request.CustomInstructions, N: index + 1))
            .Where(one => !string.IsNullOrWhiteSpace(one.CustomInstructions))
            .GroupBy(one => one.CustomInstructions!, one => one.N))
        {
            text.Append(CultureInfo.InvariantCulture, $"The application asks of the messages {string.Join(", ", asked)}: {asked.Key}\n\n");
        }

        for (var i = 0; i < messages.Count; i++)
        {
            Episode episode = messages[i].Episode;
            text.AppendData(new { n = i + 1, at = PromptData.Time(episode.OccurredAt), role = episode.Role, name = episode.Name, text = episode.Content });
        }

        return text.ToString();
    }

    private static Fact ToFact(ExtractedFact fact, List<ImportantMessage> messages)
    {
        List<ImportantMessage> sources = [.. fact.Messages.Distinct().Order().Select(n => messages[n - 1])];
        Episode newest = sources[^1].Episode;
        List<NamedEntity> entities = [.. fact.Entities.Select(entity => new NamedEntity(entity.Name.Trim(), Name(entity.Kind)))];
        return new Fact(
            fact.Text.Trim(), Name(fact.Kind), fact.Attribute?.Trim().ToLowerInvariant(),
            // What was weighed by cheap rules is not worth less because a model thinks so.
            Importance: Math.Max(fact.Importance, sources.Max(source => source.Importance)), fact.Confidence,
            Trusted: sources.All(source => source.Episode.Role == "user"), Source: Source(sources),
            SourceSeqs: [.. sources.Select(source => source.Episode.Seq)], At: newest.OccurredAt, ValidFrom: fact.SinceDate)
        {
            AgentId = newest.AgentId,
            AppId = newest.AppId,
            RunId = newest.RunId,
            Metadata = newest.Metadata,
            ExpiresOn = sources[^1].Request.ExpiresOn,
            Entities = entities,
            Relations = [.. fact.Relations.Select(relation => new NamedRelation(relation.Predicate.Trim(), Named(relation.Entity.Trim(), entities)))],
        };
    }

    // The least trustworthy of its sources decides.
    private static string Source(List<ImportantMessage> sources) =>
        sources.Exists(source => source.Episode.Role == "tool") ? "tool"
        : sources.Exists(source => source.Episode.Role == "assistant") ? "assistant" : "user";

    private static NamedEntity Named(string name, List<NamedEntity> entities) =>
        entities.Find(entity => entity.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) ?? new NamedEntity(name, "thing");

    private static string Name<T>(T kind)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString());
}
