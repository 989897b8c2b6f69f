using Memory.Core.Episodic;
using Memory.Core.Ingestion.Extraction;
using Memory.Core.Lanes;
using Memory.Core.LongTerm;
using Memory.Models.Metering;

namespace Memory.Core.Ingestion;

/// <summary>The messages that one claim of a lane distils, and what they came with.</summary>
/// <param name="Episodes">In order; at least one.</param>
/// <param name="Spent">What models cost the batch so far.</param>
internal sealed record Batch(LaneLease Lease, IReadOnlyList<Episode> Episodes, List<BatchCause> Causes, ModelUsage Spent)
{
    /// <param name="threshold">Least importance, 0..1.</param>
    internal IEnumerable<ImportantMessage> Messages(double threshold) => Episodes
        .Select(episode => new ImportantMessage(
            episode, Importance.Score(episode), Causes.Find(cause => cause.Event == episode.Event)?.Request ?? IngestionRequest.Plain))
        .Where(message => message.Importance >= threshold);

    internal EventId EventOf(MemoryOperation operation) =>
        Episodes.First(episode => episode.Seq == operation.Fact.SourceSeqs[^1]).Event;

    /// <summary>Every event of the batch with what it has cost, this batch's share included.</summary>
    internal IEnumerable<(EventId Event, EventUsage Usage)> Usages() => Episodes
        .GroupBy(episode => episode.Event)
        .Select(group => (
            group.Key,
            (Causes.Find(cause => cause.Event == group.Key)?.Usage ?? EventUsage.None).Plus(Spent.ByRole, (double)group.Count() / Episodes.Count)));
}
