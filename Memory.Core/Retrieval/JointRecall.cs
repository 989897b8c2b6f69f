using Memory.Core.Lanes;
using Memory.Core.LongTerm;
using Memory.Core.Privacy;
using Memory.Core.Retrieval.Use;

namespace Memory.Core.Retrieval;

/// <summary>One question to several owners, answered as one: what contradicts stays together, and only what is shown counts as used.</summary>
public sealed class JointRecall(RecallPipeline pipeline, RecallUse use)
{
    /// <summary>Owners that are asked at once.</summary>
    private const int AtOnce = 4;

    /// <param name="requests">One for each owner, all with the same moment.</param>
    /// <param name="limit">Most items found of all owners together; what contradicts one of them comes on top.</param>
    /// <exception cref="StorageUnavailableException">Postgres does not answer: an error, never an empty result.</exception>
    public async Task<Recall> RecallAsync(
        Principal principal, IReadOnlyList<RecallRequest> requests, int limit, CancellationToken cancellationToken)
    {
        if (requests is [var only])
            return await pipeline.RecallAsync(principal, only, cancellationToken);
        List<Recall> found = [];
        foreach (RecallRequest[] some in requests.Chunk(AtOnce))
            found.AddRange(await Task.WhenAll(some.Select(request => pipeline.FindAsync(principal, request, cancellationToken))));

        IReadOnlyList<RecallItem> shown = Best([.. found.SelectMany(one => one.Items)], limit);
        foreach (IGrouping<Owner?, RecallItem> owned in shown.GroupBy(item => item.Record?.Owner))
        {
            if (owned.Key is { } owner && requests.All(request => request.Moment is null))
                use.Note(new Lane(principal.Project, owner), owned);
        }

        return new Recall(shown, [], [.. found.SelectMany(one => one.Degraded).Distinct()]);
    }

    internal static IReadOnlyList<RecallItem> Best(IReadOnlyList<RecallItem> found, int limit)
    {
        Dictionary<Guid, RecallItem> byId = found.ToDictionary(item => item.Id);
        List<RecallItem> best = [];
        HashSet<Guid> placed = [];
        foreach (RecallItem item in found.Where(IsFound).OrderByDescending(item => item.Score).ThenByDescending(item => item.Id).Take(limit))
        {
            foreach (Guid id in (IEnumerable<Guid>)[item.Id, .. item.ConflictsWith.Select(other => other.Value)])
            {
                if (placed.Add(id))
                    best.Add(byId[id]);
            }
        }

        return [.. best.Select(item => item with { ConflictsWith = [.. item.ConflictsWith.Where(other => placed.Contains(other.Value))] })];
    }

    private static bool IsFound(RecallItem item) => !item.Stages.ContainsKey(RecallStage.Conflicts);
}
