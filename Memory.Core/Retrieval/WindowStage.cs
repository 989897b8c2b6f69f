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
        // Redis may have missed the newest turn as well as an older one: what is at hand must end where the conversation does.
        Task<long> last = episodes.LastSeqAsync(lane, conversation, cancellationToken);
        IReadOnlyList<Turn>? atHand = await buffer.ReadAsync(lane, conversation, cancellationToken);
        if (await last is var seq && (seq == 0 || atHand?[^1].Seq == seq))
            return atHand ?? [];
        IReadOnlyList<Turn> turns = await episodes.TailAsync(lane, conversation, buffer.Capacity, cancellationToken);
        await buffer.RefillAsync(lane, conversation, turns, cancellationToken);
        return turns;
    }
}
