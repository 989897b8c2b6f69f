using Memory.Core.Episodic;
using Memory.Core.Lanes;
using Memory.Core.ShortTerm;

namespace Memory.Core.Retrieval;

/// <summary>The current conversation's last turns: from Redis in one trip, else from the episodes, which then refill it.</summary>
public sealed class WindowStage(ShortTermBuffer buffer, EpisodeLog episodes)
{
    public async Task<IReadOnlyList<Turn>> ReadAsync(Lane lane, string? conversation, CancellationToken cancellationToken)
    {
        if (conversation is null)
            return [];
        // Redis may have missed any turn: what is at hand must be what the conversation ends with.
        Task<IReadOnlyList<long>> last = episodes.LastSeqsAsync(lane, conversation, buffer.Reach, cancellationToken);
        if (await buffer.ReadAsync(lane, conversation, last, cancellationToken) is { } atHand)
            return atHand;
        IReadOnlyList<Turn> turns = await episodes.TailAsync(lane, conversation, buffer.Reach, cancellationToken);
        await buffer.RefillAsync(lane, conversation, turns, cancellationToken);
        return buffer.Fit(turns);
    }
}
