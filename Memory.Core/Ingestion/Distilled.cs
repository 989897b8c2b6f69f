using Memory.Core.Episodic;
using Memory.Core.LongTerm;

namespace Memory.Core.Ingestion;

/// <summary>What shall become of a batch: pure data until it is stored.</summary>
/// <param name="Echoes">What was recognised as quoted from memory, by the event it came with.</param>
/// <param name="Weights">How much each message matters, and why; in order.</param>
/// <param name="Lifted">Rules of forgetting that the person's own word ends.</param>
public sealed record Distilled(
    Authorship By, IReadOnlyList<Fact> Facts, IReadOnlyList<PlannedWrite> Writes, IReadOnlyList<(EventId Event, OperationResult Result)> Echoes,
    IReadOnlyList<(EventId Event, MessageWeight Weight)> Weights, IReadOnlyCollection<Guid> Lifted)
{
    internal EventEnd EndOf(EventId id, EventUsage usage) => new(id, [
        .. Writes.Where(write => write.Event == id).Select(write => write.ToResult()),
        .. Echoes.Where(echo => echo.Event == id).Select(echo => echo.Result),
    ])
    {
        Weights = [.. Weights.Where(one => one.Event == id).Select(one => one.Weight)],
        Usage = usage,
    };
}
