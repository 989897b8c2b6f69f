namespace Memory.Core.Privacy.Rates;

/// <summary>What one process knows of a key's bucket: tokens at hand, and when there was none to be had. Under its own lock.</summary>
internal sealed class KeyBucket(RateLimitOptions options, TimeProvider time)
{
    private readonly TokenBucket _own = new(options.PerSecond, options.Burst, time);
    private int _atHand;
    private int _elsewhere = options.Burst;
    private long _emptyUntil;

    /// <summary>Who waits for more.</summary>
    internal int Waiting { get; set; }

    /// <summary>The trip on which more is fetched.</summary>
    internal Task? Fetching { get; set; }

    /// <returns>Null: more must be fetched first.</returns>
    internal RateAnswer? TryTake()
    {
        if (_atHand > 0)
        {
            _atHand--;
            return Answer(isAllowed: true, TimeSpan.Zero);
        }

        long now = time.GetTimestamp();
        return now < _emptyUntil ? Answer(isAllowed: false, time.GetElapsedTime(now, _emptyUntil)) : null;
    }

    /// <param name="left">How many others may still take.</param>
    /// <param name="untilNext">Where none were given: when to ask again.</param>
    internal void Fill(int given, int left, TimeSpan untilNext)
    {
        (_atHand, _elsewhere) = (_atHand + given, left);
        if (given == 0)
            _emptyUntil = time.GetTimestamp() + (long)(Math.Max(0.001, untilNext.TotalSeconds) * time.TimestampFrequency);
    }

    /// <summary>Where nobody shares: by this process's own count.</summary>
    internal void FillAlone(int wanted)
    {
        int given = _own.Take(wanted);
        Fill(given, _own.Left, _own.UntilNext);
    }

    private RateAnswer Answer(bool isAllowed, TimeSpan wait)
    {
        int left = Math.Min(options.Burst, _atHand + _elsewhere);
        return new RateAnswer(isAllowed, options.Burst, isAllowed ? left : 0, (int)Math.Ceiling((options.Burst - left) / (double)options.PerSecond), wait);
    }
}

/// <summary>Whether a request may be made, and what is left.</summary>
/// <param name="Limit">Most requests at once.</param>
/// <param name="Remaining">As this process knows: others may have taken some since.</param>
/// <param name="ResetSeconds">Until the bucket is full again.</param>
/// <param name="Wait">Where it may not: until it may.</param>
public readonly record struct RateAnswer(bool IsAllowed, int Limit, int Remaining, int ResetSeconds, TimeSpan Wait);
