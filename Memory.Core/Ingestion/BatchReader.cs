using Memory.Core.Episodic;
using Memory.Core.Ingestion.Distilling;
using Memory.Core.Ingestion.Extraction;
using Memory.Core.Lanes;
using Microsoft.Extensions.Options;

namespace Memory.Core.Ingestion;

/// <summary>
/// Which messages a claim distils: those of an open checkpoint, else as many as are waiting and a batch may have. A dead
/// letter that was asked for comes first, alone.
/// </summary>
public sealed class BatchReader(
    EpisodeLog episodes, IngestionEventLog events, Checkpoints checkpoints, DeadLetters letters, DistillingStore distilling, IExtractor extractor,
    IOptions<IngestionOptions> options)
{
    // What is estimated where no tokenizer is at hand. Of other scripts a character may be a token of its own.
    private const int AsciiPerToken = 4;

    /// <returns>Null: nothing is left to do. The events of the batch are marked as running.</returns>
    /// <exception cref="LeaseLostException">The lane is somebody else's by now.</exception>
    public async Task<Batch?> ReadAsync(LaneLease lease, CancellationToken cancellationToken)
    {
        DistillingSettings settings = await distilling.ReadAsync(lease.Lane.Project, cancellationToken);
        Distiller by = extractor.By(settings);
        Episode? replayed = lease.Replays == 0 ? null : await letters.NextReplayAsync(lease.Lane, cancellationToken);
        Batch? batch = replayed is not null ? await ReplayAsync(lease, replayed, by, cancellationToken) : await NextAsync(lease, by, cancellationToken);
        return batch is null ? null : batch with { Settings = settings, By = by };
    }

    private async Task<Batch?> NextAsync(LaneLease lease, Distiller by, CancellationToken cancellationToken)
    {
        (Checkpoint? saved, long? next) = await checkpoints.FindAsync(lease.Lane, lease.AppliedSeq + 1, by, cancellationToken);
        int most = saved is null
            ? Math.Min(options.Value.BatchMessages, lease.Suspects?.Limit ?? int.MaxValue)
            : (int)(saved.LastSeq - lease.AppliedSeq);
        // One more than taken: it tells since when the lane waits afterwards.
        List<Episode> read = await episodes.ReadAsync(lease.Lane, lease.AppliedSeq, most + 1, cancellationToken);
        int taken = saved is null ? Fitting(read, most, next) : read.Count(episode => episode.Seq <= saved.LastSeq);
        if (taken == 0)
            return null;
        Episode[] batch = [.. read.Take(taken)];
        List<BatchCause> causes = await events.RunningAsync(lease, batch[0].Seq, batch[^1].Seq, cancellationToken);
        return new Batch(lease, batch, causes, saved, read.Count > taken ? read[taken].RecordedAt : null);
    }

    private async Task<Batch> ReplayAsync(LaneLease lease, Episode episode, Distiller by, CancellationToken cancellationToken)
    {
        (Checkpoint? saved, _) = await checkpoints.FindAsync(lease.Lane, episode.Seq, by, cancellationToken);
        List<BatchCause> causes = await events.RunningAsync(lease, episode.Seq, episode.Seq, cancellationToken);
        return new Batch(lease, [episode], causes, saved?.LastSeq == episode.Seq ? saved : null, null, IsReplay: true);
    }

    /// <summary>Messages that a lane has passed, once more, as a batch that nobody has a lease for yet. Their events stay as they are.</summary>
    /// <param name="untilSeq">The last one wanted; there is one after <paramref name="afterSeq"/>.</param>
    internal async Task<Batch> AgainAsync(Lane lane, long afterSeq, long untilSeq, CancellationToken cancellationToken)
    {
        DistillingSettings settings = await distilling.ReadAsync(lane.Project, cancellationToken);
        List<Episode> read = await episodes.ReadAsync(lane, afterSeq, (int)Math.Min(options.Value.BatchMessages, untilSeq - afterSeq), cancellationToken);
        Episode[] batch = [.. read.Take(Fitting(read, read.Count, next: null))];
        List<BatchCause> causes = await events.CausesAsync(lane, batch[0].Seq, batch[^1].Seq, cancellationToken);
        var nobodys = new LaneLease(lane, Epoch: 0, afterSeq, Version: 0, Attempts: 1);
        return new Batch(nobodys, batch, causes, Saved: null, NextSince: null) { Settings = settings, By = extractor.By(settings) };
    }

    // As many as may be and fit, up to where another checkpoint begins; the first one always does.
    private int Fitting(List<Episode> read, int most, long? next)
    {
        var tokens = 0;
        int fitting = read.Take(most)
            .TakeWhile(episode => (next is null || episode.Seq < next) && !StandsAlone(episode)
                && (tokens += TokensOf(episode.Content)) <= options.Value.BatchTokens)
            .Count();
        return Math.Min(read.Count, Math.Max(1, fitting));
    }

    private static int TokensOf(string text)
    {
        int ascii = text.Count(char.IsAscii);
        return (ascii / AsciiPerToken) + text.Length - ascii;
    }

    // What shall be forgotten must be there, and what is said after it must not be.
    private static bool StandsAlone(Episode episode) => episode.Role == "user" && ForgetCue.IsIn(episode.Content);
}
