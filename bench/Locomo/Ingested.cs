using System.Diagnostics;

namespace Memory.Bench.Locomo;

/// <summary>
/// Waits until what was appended is ingested. It gives up only when no event has changed for longer than the system itself
/// waits before it tries again: one event may take many batches, and each of them changes it.
/// </summary>
internal sealed class Ingested(MemoryApi api, TimeProvider time)
{
    /// <summary>Most conversations that are asked about at a time.</summary>
    private const int AtATime = 16;

    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(100);

    // Five minutes are the longest wait between two attempts, and a batch may ask a model twice, two minutes each.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(6);

    internal Ingested(MemoryApi api)
        : this(api, TimeProvider.System)
    {
    }

    /// <returns>When the last conversation was through, as a <see cref="Stopwatch"/> timestamp.</returns>
    internal async Task<long> AllAsync(IReadOnlyList<AppendedConversation> conversations, CancellationToken cancellationToken)
    {
        using var progress = new ProgressBar("ingest", conversations.Sum(conversation => conversation.Events.Count));
        var patient = new PatientApi(api, progress);
        UnderWay[] all = [.. conversations.Select(conversation => new UnderWay(conversation, patient, progress))], open = all;
        long moved = time.GetTimestamp();
        for (int outages = patient.Outages; ; outages = patient.Outages)
        {
            long began = Stopwatch.GetTimestamp();
            // Away, the system could not move either: its time counts from when it is back.
            if (await HaveMovedAsync(open, cancellationToken) || patient.Outages != outages)
                moved = time.GetTimestamp();
            open = [.. open.Where(one => one.Through is null)];
            if (open.Length == 0)
                return all.Max(one => one.Through!.Value);
            if (time.GetElapsedTime(moved) > Patience)
                throw new BenchException($"ingestion stands still: nothing has changed for {Patience.TotalSeconds:0} s, and {open.Length} are not through ({open[0]})");
            // At most half of the time is spent with asking, which takes from what is waited for.
            TimeSpan asked = Stopwatch.GetElapsedTime(began);
            await Task.Delay(asked > ShortestPause ? asked : ShortestPause, cancellationToken);
        }
    }

    // All of them, since nobody knows whose turn it is.
    private static async Task<bool> HaveMovedAsync(UnderWay[] open, CancellationToken cancellationToken)
    {
        int moved = 0;
        await Parallel.ForEachAsync(
            open,
            new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = cancellationToken },
            async (one, stop) =>
            {
                if (await one.HasMovedAsync(stop))
                    Interlocked.Increment(ref moved);
            });
        return moved > 0;
    }
}
