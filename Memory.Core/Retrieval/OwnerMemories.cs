using Memory.Core.Lanes;
using Memory.Core.LongTerm;
using Memory.Core.Retrieval.Hot;

namespace Memory.Core.Retrieval;

/// <summary>Decides where a request's memories are asked.</summary>
public sealed class OwnerMemories(StoredMemories stored, HotOwners hot, PastMemories past, PastKeywords pastKeywords)
{
    /// <exception cref="StorageUnavailableException">Postgres does not answer.</exception>
    public async Task<IOwnerMemories> OfAsync(Lane lane, RecallRequest request, CancellationToken cancellationToken) =>
        request.Moment is { } moment ? new MemoriesOfMoment(past, pastKeywords, moment) : await hot.FindAsync(lane, cancellationToken) ?? stored;
}
