using System.Collections.Concurrent;
using Memory.Core.Lanes;
using Memory.Core.LongTerm;

namespace Memory.Core.Ingestion.Extraction;

/// <summary>
/// What was extracted from batches that then failed: whatever comes after the extraction may have to be tried often, and the
/// extraction is paid for once. In this process only, and for the latest few lanes.
/// </summary>
internal sealed class ExtractedBatches
{
    private const int Most = 1_000;
    private readonly ConcurrentDictionary<Lane, Extracted> _byLane = new();

    /// <summary>What is known of the batch that the lease begins with; null: nothing.</summary>
    internal Extracted? Find(LaneLease lease) =>
        _byLane.TryGetValue(lease.Lane, out Extracted? known) && known.AppliedSeq == lease.AppliedSeq ? known : null;

    internal void Keep(LaneLease lease, int messages, IReadOnlyList<Fact> facts)
    {
        // A thousand lanes that fail at a time are an outage, in which a few calls more are the least of it.
        if (_byLane.Count >= Most)
            _byLane.Clear();
        _byLane[lease.Lane] = new Extracted(lease.AppliedSeq, messages, facts);
    }

    internal void Forget(Lane lane) => _byLane.TryRemove(lane, out _);

    /// <param name="AppliedSeq">What stands before the batch.</param>
    /// <param name="Messages">How many messages it has: those that came later are left to the next one.</param>
    internal sealed record Extracted(long AppliedSeq, int Messages, IReadOnlyList<Fact> Facts);
}
