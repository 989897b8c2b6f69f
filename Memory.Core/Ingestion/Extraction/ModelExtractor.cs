using System.Globalization;
using System.Text;
using System.Text.Json;
using Memory.Core.Episodic;
using Memory.Core.Ingestion.Distilling;
using Memory.Core.LongTerm;
using Memory.Models;
using Memory.Models.Structured;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace Memory.Core.Ingestion.Extraction;

/// <summary>Distils facts with a model: one call a batch, the answer by schema.</summary>
public sealed class ModelExtractor([FromKeyedServices(ModelRole.Extract)] IChatClient model, ModelIds ids) : IExtractor
{
    public Distiller By(DistillingSettings settings) => new(ids.Of(ModelRole.Extract), ExtractionPrompt.Of(settings).Hash);

    public async Task<IReadOnlyList<Fact>> ExtractAsync(
        IReadOnlyList<ImportantMessage> messages, DistillingSettings settings, CancellationToken cancellationToken)
    {
        // What a system message says is the application's own, not something that was learned.
        List<ImportantMessage> said = [.. messages.Where(message => message.Episode.Role != "system")];
        if (said.Count == 0)
            return [];
        var format = new AnswerFormat<ExtractedFacts>("remember_facts", "Hands over the facts worth remembering.", answer => answer.Problem(said.Count));
        ExtractedFacts answer = await model.AskAsync(
            [new ChatMessage(ChatRole.System, ExtractionPrompt.Of(settings).Text), new ChatMessage(ChatRole.User, Quote(said))], format, cancellationToken);
        return new AnswerReading(said, settings.Wishes).FactsOf(answer);
    }

    private static string Quote(List<ImportantMessage> messages)
    {
        var text = new StringBuilder();
        List<IGrouping<string, int>> wished = [.. messages
            .Select((message, index) => (message.Request.Wishes, N: index + 1))
            .Where(one => !one.Wishes.IsNone)
            .GroupBy(one => JsonSerializer.Serialize(one.Wishes), one => one.N)];
        if (wished.Count > 0)
            text.Append("What the application wishes of some of the messages:\n");
        foreach (IGrouping<string, int> one in wished)
            text.AppendWishes([.. one], messages[one.First() - 1].Request.Wishes);
        if (wished.Count > 0)
            text.Append("\nThe messages:\n");

        for (var i = 0; i < messages.Count; i++)
        {
            Episode episode = messages[i].Episode;
            text.AppendData(new
            {
                n = i + 1,
                at = PromptData.Time(episode.OccurredAt),
                day = episode.OccurredAt.ToString("dddd", CultureInfo.InvariantCulture),
                role = episode.Role,
                name = episode.Name,
                text = episode.Content,
            });
        }

        return text.ToString();
    }
}
