using Memory.Core.Episodic;
using Memory.Core.LongTerm;

namespace Memory.Core.Ingestion;

/// <summary>How much each message of a batch mattered, once it is known what became of it.</summary>
internal static class Weights
{
    private const double Lift = 0.2;

    // What changes or contradicts something known matters more than its words alone would tell.
    internal static IReadOnlyList<(EventId Event, MessageWeight Weight)> Of(
        IEnumerable<(Episode Episode, MessageImportance Importance)> weighed, IReadOnlyList<MemoryOperation> plan)
    {
        ILookup<long, string> known = plan
            .Select(operation => (Seq: operation.Fact.SourceSeqs[^1], Reason: Reason(operation)))
            .Where(one => one.Reason is not null)
            .Distinct()
            .ToLookup(one => one.Seq, one => one.Reason!);
        return [.. weighed.Select(one => (
            one.Episode.Event,
            new MessageWeight(
                one.Episode.Seq,
                Math.Round(Math.Min(1, one.Importance.Score + (known.Contains(one.Episode.Seq) ? Lift : 0)), 2),
                [.. one.Importance.Reasons, .. known[one.Episode.Seq]])))];
    }

    private static string? Reason(MemoryOperation operation) => operation switch
    {
        MemoryOperation.Update or MemoryOperation.Delete => "changes what is known",
        MemoryOperation.Conflict => "contradicts what is known",
        MemoryOperation.Forget => "asks to forget",
        _ => null,
    };
}
