using Memory.Models;

namespace Memory.Core.Ingestion;

/// <summary>What becomes of a batch that could not be applied.</summary>
internal abstract record Setback
{
    private Setback()
    {
    }

    /// <summary>Nothing is wrong with it: later, and the attempt does not count.</summary>
    internal sealed record Defer(TimeSpan Delay) : Setback;

    /// <summary>It may have been chance: later, and the attempt counts.</summary>
    internal sealed record Retry(TimeSpan Delay) : Setback;

    /// <summary>One of its messages is the cause: in two halves.</summary>
    internal sealed record Split : Setback;

    /// <summary>The one message it has is the cause: to the dead letters.</summary>
    internal sealed record Bury : Setback;
}

/// <summary>
/// Decides on a failure: whose fault it may be, how often it is tried again, and after how long. Waits are drawn around
/// their mean, so that what failed together does not come back together.
/// </summary>
internal sealed class SetbackPolicy(IngestionOptions options)
{
    // A batch is tried once more before it is blamed; what a model's endpoint breaks at may well be the endpoint.
    private const int AttemptsOfMany = 2;
    private const int AttemptsOfSuspects = 1;
    private const int AttemptsOfBrokenSuspects = 2;
    private const int AttemptsOfReplay = 2;
    private const int Growth = 4;

    // It may be slow for everybody: then it gets some ten minutes before a message pays for it.
    private const int AttemptsAhead = 2;

    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(5);

    /// <param name="cause">Null: the workers that had the batch never said; they died of something.</param>
    internal Setback Decide(Batch batch, Exception? cause) => cause switch
    {
        ModelException.Deferrable busy => new Setback.Defer(Wait(busy.RetryAfter)),
        // A wrong key, a model that is not there, vectors of another length: no message's fault, and all would suffer.
        ModelException.Permanent { IsOfSettings: true } or VectorSpaceException => new Setback.Defer(Wait()),
        _ when batch.Lease.Attempts < Allowed(batch, cause) =>
            new Setback.Retry(Backoff(batch.Lease.Attempts + (cause is StorageUnavailableException ? AttemptsAhead : 0))),
        _ => batch.Episodes.Count > 1 ? new Setback.Split() : new Setback.Bury(),
    };

    /// <summary>Whether as many workers died of it as may.</summary>
    internal bool IsWornOut(Batch batch) => batch.Lease.Attempts > Allowed(batch, null);

    private int Allowed(Batch batch, Exception? cause) => batch switch
    {
        { IsReplay: true } => AttemptsOfReplay,
        { Episodes.Count: 1 } => options.MaxAttempts,
        { Lease.Suspects: not null } when cause is null or ModelException.Failed => AttemptsOfBrokenSuspects,
        _ when cause is null or ModelException.Failed => options.MaxAttempts,
        { Lease.Suspects: not null } => AttemptsOfSuspects,
        _ => Math.Min(AttemptsOfMany, options.MaxAttempts),
    };

    internal TimeSpan Backoff(int attempts)
    {
        double factor = Math.Pow(Growth, Math.Min(attempts, 10) - 1) * (0.5 + Random.Shared.NextDouble());
        return TimeSpan.FromMilliseconds(Math.Min(options.RetryMilliseconds * factor, s_longest.TotalMilliseconds));
    }

    // None comes back at once, whatever was asked for.
    internal TimeSpan Wait(TimeSpan? asked = null)
    {
        double usual = options.DeferMilliseconds;
        double milliseconds = Math.Clamp(asked?.TotalMilliseconds ?? usual, usual / 5, s_longest.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(milliseconds * (1 + 0.2 * Random.Shared.NextDouble()));
    }
}
