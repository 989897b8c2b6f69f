using Memory.Core.Episodic;
using Memory.Core.Lanes;
using Memory.Core.LongTerm;
using Memory.Core.Privacy;
using Memory.Core.Storage;

namespace Memory.Core.Ingestion.Forgetting;

/// <summary>Forgets for good what a caller names, and shows beforehand what that would be.</summary>
public sealed class Forgetter(LaneWrites writes, ForgetPlanner planner, TimeProvider time)
{
    /// <summary>Longest that can be asked for, in UTF-16 units.</summary>
    public const int MaxAboutLength = 500;

    /// <summary>What would go: memories in their words of now, and older versions of memories that stay.</summary>
    public async Task<IReadOnlyList<ForgetTarget>> PreviewAsync(
        Principal principal, MemoryScope scope, ForgetRequest request, CancellationToken cancellationToken)
    {
        RequireOwnerAlone(principal, scope);
        Require(request);
        (_, List<ForgetTarget> found) = await planner.FindAsync(new Lane(principal.Project, scope.Owner), Wish(request, time.GetUtcNow()), cancellationToken);
        ILookup<bool, ForgetTarget> targets = found.ToLookup(target => target.IsWhole);
        HashSet<MemoryId> whole = [.. targets[true].Select(target => target.Memory)];
        return [.. targets[true].DistinctBy(target => target.Memory), .. targets[false].Where(target => !whole.Contains(target.Memory))];
    }

    /// <param name="key">With the same one it is done once; null: none.</param>
    /// <returns>The event, and how many memories went.</returns>
    public async Task<(EventId Event, int Memories)> ForgetAsync(
        Principal principal, MemoryScope scope, ForgetRequest request, IdempotencyKey? key, CancellationToken cancellationToken)
    {
        RequireOwnerAlone(principal, scope);
        var lane = new Lane(principal.Project, scope.Owner);
        Require(request);
        var wanted = new Wanted(principal, "FORGET", IngestionRequest.Plain, key, IdempotencyKey.HashOf(new { Write = "forget", scope.Owner, request }));
        Written written = await writes.WriteAsync(
            wanted,
            async now => new DirectPlan(lane, await planner.PlanAsync(lane, [Wish(request, now)], cancellationToken))
            {
                StillFitsAsync = transaction => RequireNothingWaitsAsync(transaction, lane, cancellationToken),
            },
            cancellationToken);
        return (written.Event, written.Results.Count(result => result.Memory is not null));
    }

    // What was said and is not distilled yet would come back with the next batch.
    private static async Task RequireNothingWaitsAsync(MemoryTransaction transaction, Lane lane, CancellationToken cancellationToken)
    {
        if ((await transaction.QueryAsync(LaneFence.Waiting(lane), cancellationToken)).Contains(true))
            throw new ConflictingWriteException("Messages of this owner still wait to be distilled, and may say it too: ask again in a moment.");
        await transaction.ExecuteAsync([LaneFence.CalledOff(lane)], cancellationToken);
    }

    // A conversation's or an agent's share alone cannot be forgotten: the words are the person's.
    private static void RequireOwnerAlone(Principal principal, MemoryScope scope)
    {
        AccessPolicy.RequireOwner(principal, scope.Owner);
        if (new[] { scope.UserId, scope.AgentId, scope.AppId, scope.RunId }.Count(id => id is not null) > 1)
            throw new InvalidInputException("user_id", "Forgetting concerns all that is known of one owner: give one of user_id, agent_id, app_id, run_id.");
    }

    private static void Require(ForgetRequest request)
    {
        if (string.IsNullOrWhiteSpace(request.About))
            throw new InvalidInputException("about", "about is blank: say what shall be forgotten, or give entity, whose name it is about.");
        if (WellFormedText.Require("about", request.About).Length > MaxAboutLength)
            throw new InvalidInputException("about", $"about has {request.About.Length} characters; at most {MaxAboutLength} are allowed.");
    }

    private static Fact Wish(ForgetRequest request, DateTimeOffset now) => AskedFact.Silent(now) with { Forget = request };
}
