using Memory.Core.Lanes;
using Memory.Core.LongTerm;

namespace Memory.Core.Retrieval;

/// <summary>What belongs to every context by its kind, never by similarity: profile, standing instructions, the current goal, open loops.</summary>
public sealed class StandingMemories(MemoryStore store, PastMemories past)
{
    /// <summary>Most of each kind, the most important first.</summary>
    private const int MostOfAKind = 12;

    /// <param name="parts">Of <see cref="ContextPart"/>.</param>
    public async Task<List<MemoryRecord>> ReadAsync(Lane lane, RecallRequest request, IReadOnlySet<string> parts, CancellationToken cancellationToken)
    {
        string[] kinds = [.. ContextPart.Standing.Where(part => parts.Contains(part.Part)).Select(part => part.Kind)];
        if (kinds.Length == 0)
            return [];
        return request.Moment is { } moment
            ? await past.OfKindsAsync(lane, request.Scope, request.Collection, moment, kinds, MostOfAKind, request.Filter, cancellationToken)
            : await store.OfKindsAsync(lane, request.Scope, request.Collection, kinds, MostOfAKind, request.Filter, cancellationToken);
    }
}
