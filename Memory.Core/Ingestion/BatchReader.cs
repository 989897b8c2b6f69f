using Memory.Core.Episodic;
using Memory.Core.Lanes;
using Microsoft.Extensions.Options;

namespace Memory.Core.Ingestion;

/// <summary>
/// Which messages a claim distils: those of an open checkpoint, else as many as are waiting and a batch may have. A dead
/// letter that was asked for comes first, alone.
/// </summary>
public sealed class BatchReader(
    EpisodeLog episodes, IngestionEventLog events, Checkpoints checkpoints, DeadLetters letters, IOptions<IngestionOptions> options)
{
    // What is estimated where no tokenizer is at hand.
    private const int CharactersPerToken = 4;

    /// <returns>Null: nothing is left to do. The events of the batch are marked as running.</returns>
    public async Task<Batch?> ReadAsync(LaneLease lease, CancellationToken cancellationToken)
    {
        Episode? replayed = lease.Replays == 0 ? null : await letters.NextReplayAsync(lease.Lane, cancellationToken);
        return replayed is not null ? await ReplayAsync(lease, replayed, cancellationToken) : await NextAsync(lease, cancellationToken);
    }

    private async Task<Batch?> NextAsync(LaneLease lease, CancellationToken cancellationToken)
    {
        (Checkpoint? saved, long? next) = await checkpoints.FindAsync(lease.Lane, lease.AppliedSeq + 1, cancellationToken);
        int most = saved is null
            ? Math.Min(options.Value.BatchMessages, lease.Suspects?.Limit ?? int.MaxValue)
            : (int)(saved.LastSeq - lease.AppliedSeq);
        // One more than taken: it tells since when the lane waits afterwards.
        List<Episode> read = await episodes.ReadAsync(lease.Lane, lease.AppliedSeq, most + 1, cancellationToken);
        int taken = saved is null ? Fitting(read, most, next) : read.Count(episode => episode.Seq <= saved.LastSeq);
        if (taken == 0)
            return null;
        Episode[] batch = [.. read.Take(taken)];
        List<BatchCause> causes = await events.RunningAsync(lease.Lane, batch[0].Seq, batch[^1].Seq, lease.Attempts, cancellationToken);
        return new Batch(lease, batch, causes, saved, read.Count > taken ? read[taken].RecordedAt : null);
    }

    private async Task<Batch> ReplayAsync(LaneLease lease, Episode episode, CancellationToken cancellationToken)
    {
        (Checkpoint? saved, _) = await checkpoints.FindAsync(lease.Lane, episode.Seq, cancellationToken);
        List<BatchCause> causes = await events.RunningAsync(lease.Lane, episode.Seq, episode.Seq, lease.Attempts, cancellationToken);
        return new Batch(lease, [episode], causes, saved?.LastSeq == episode.Seq ? saved : null, null, IsReplay: true);
    }

    // As many as may be and fit, up to where another checkpoint begins; the first one always does.
    private int Fitting(List<Episode> read, int most, long? next)
    {
        var tokens = 0;
        int fitting = read.Take(most)
            .TakeWhile(episode => (next is null || episode.Seq < next) && (tokens += episode.Content.Length / CharactersPerToken) <= options.Value.BatchTokens)
            .Count();
        return Math.Min(read.Count, Math.Max(1, fitting));
    }
}
