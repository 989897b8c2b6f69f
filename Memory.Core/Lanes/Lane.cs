namespace Memory.Core.Lanes;

/// <summary>One owner's queue within a project.</summary>
public readonly record struct Lane(ProjectId Project, Owner Owner)
{
    /// <summary>Arguments of a statement about one owner: <c>$1</c> project, <c>$2</c> kind, <c>$3</c> id, then the rest.</summary>
    internal object?[] Keys(params ReadOnlySpan<object?> rest) => [Project, Owner.KindName, Owner.Id, .. rest];
}

/// <summary>
/// The right to apply a lane's next episodes, until the lease runs out by the database's clock or a later epoch begins.
/// </summary>
/// <param name="AppliedSeq">The last episode that was applied; the next batch starts one after it.</param>
/// <param name="Version">The owner's version when the batch was claimed: what is planned is planned against it.</param>
/// <param name="Attempts">How often this batch was claimed, this time included.</param>
/// <param name="Suspects">Set while a batch that failed for good is narrowed down.</param>
/// <param name="Replays">How many dead letters wait to be tried again.</param>
public sealed record LaneLease(Lane Lane, long Epoch, long AppliedSeq, long Version, int Attempts, Suspects? Suspects = null, int Replays = 0);

/// <summary>One of these messages makes its batch fail.</summary>
/// <param name="Limit">At most so many of them are taken at a time.</param>
/// <param name="UntilSeq">The last of them.</param>
public sealed record Suspects(int Limit, long UntilSeq);

/// <summary>Consecutive numbers of a lane, and when they were issued: later numbers, later times.</summary>
/// <param name="At">By the database's clock.</param>
public readonly record struct Issued(long First, DateTimeOffset At);
