using Memory.Core.Episodic;
using Memory.Core.Ingestion.Distilling;
using Memory.Core.Lanes;
using Memory.Core.LongTerm;
using Memory.Core.Storage;
using Memory.Models.Metering;

namespace Memory.Core.Ingestion;

/// <summary>The messages that one claim of a lane distils, and what they came with.</summary>
/// <param name="Episodes">In order; at least one. A replay has one, which the lane has passed already.</param>
/// <param name="Saved">What a model was paid for when these messages were tried before; null: nothing.</param>
/// <param name="NextSince">When the message after them was recorded; null: there was none.</param>
public sealed record Batch(
    LaneLease Lease, IReadOnlyList<Episode> Episodes, IReadOnlyList<BatchCause> Causes, Checkpoint? Saved, DateTimeOffset? NextSince, bool IsReplay = false)
{
    /// <summary>What the project asked of distilling when the batch was claimed; it holds until the batch is dealt with.</summary>
    public DistillingSettings Settings { get; init; } = DistillingSettings.None;

    /// <summary>What distils it, with the prompt that follows from the settings.</summary>
    public Distiller By { get; init; } = Distiller.Builtin;

    public long FirstSeq => Episodes[0].Seq;

    public long LastSeq => Episodes[^1].Seq;

    /// <summary>How far the lane is once the batch is dealt with.</summary>
    internal long AppliedSeq => IsReplay ? Lease.AppliedSeq : LastSeq;

    /// <summary>The last statement of whatever deals with the batch: the lane goes on.</summary>
    internal Sql<bool> LaneGoesOn => IsReplay ? LaneFence.ReplayEnded(Lease) : LaneFence.AdvanceTo(Lease, LastSeq, NextSince);

    internal IngestionRequest RequestOf(Episode episode) =>
        Causes.FirstOrDefault(cause => cause.Event == episode.Event)?.Request ?? IngestionRequest.Plain;

    internal EventId EventOf(MemoryOperation operation) =>
        Episodes.First(episode => episode.Seq == operation.Fact.SourceSeqs[^1]).Event;

    /// <summary>Every event of the batch with what it has cost, this batch's share included.</summary>
    internal IEnumerable<(EventId Event, EventUsage Usage)> Usages(ModelUsage spent) => Episodes
        .GroupBy(episode => episode.Event)
        .Select(group => (
            group.Key,
            (Causes.FirstOrDefault(cause => cause.Event == group.Key)?.Usage ?? EventUsage.None).Plus(spent.ByRole, (double)group.Count() / Episodes.Count)));

    /// <summary>Statements that keep what it has cost so far, whatever comes of it.</summary>
    internal List<Sql<bool>> Costs(ModelUsage spent) => [.. Usages(spent).Select(one => IngestionEventLog.Spent(Lease, one.Event, one.Usage))];
}
