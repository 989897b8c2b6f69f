using Memory.Core.Episodic;
using Memory.Core.Ingestion.Distilling;
using Memory.Core.LongTerm;

namespace Memory.Core.Ingestion.Extraction;

/// <summary>
/// Distils facts from plain English by rules, without a model. What is asked, imagined, quoted or merely chatted yields
/// nothing, nor does what anybody but the person says.
/// </summary>
public sealed class BuiltinExtractor : IExtractor
{
    public Distiller By(DistillingSettings settings) => Distiller.Builtin;

    public Task<IReadOnlyList<Fact>> ExtractAsync(
        IReadOnlyList<ImportantMessage> messages, DistillingSettings settings, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Fact>>(
        [
            .. messages.SelectMany(message => Extract(message.Episode, message.Importance)
                .Select(fact => fact with { ExpiresOn = message.Request.ExpiresOn ?? fact.ExpiresOn })),
        ]);

    /// <summary>In the order they were said, each once.</summary>
    public static IReadOnlyList<Fact> Extract(Episode episode, double importance)
    {
        if (episode.Role != "user")
            return [];
        var message = new SpokenMessage(episode, importance);
        return [.. Sentences.Of(episode.Content).SelectMany(message.FactsOf).DistinctBy(fact => (fact.Content, fact.Forget))];
    }
}
