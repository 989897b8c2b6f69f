namespace Memory.Core.LongTerm.Filters;

/// <summary>A stretch of time, from its first moment to before its end; null: without a bound.</summary>
public readonly record struct TimeRange(DateTimeOffset? From, DateTimeOffset? Until)
{
    public static TimeRange Day(DateOnly day)
    {
        var from = new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
        return new TimeRange(from, Later(from, TimeSpan.FromDays(1)));
    }

    /// <summary>The microsecond it falls into, which is what Postgres keeps.</summary>
    public static TimeRange Moment(DateTimeOffset at)
    {
        var from = new DateTimeOffset(at.UtcTicks - at.UtcTicks % TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);
        return new TimeRange(from, Later(from, TimeSpan.FromMicroseconds(1)));
    }

    /// <summary>Whatever comes later than all of it.</summary>
    public TimeRange After => new(Until, null);

    /// <summary>Whatever comes before all of it.</summary>
    public TimeRange Before => new(null, From);

    public TimeRange OrAfter => this with { Until = null };

    public TimeRange OrBefore => this with { From = null };

    public bool Holds(DateTimeOffset at) => (From is null || at >= From) && (Until is null || at < Until);

    // The end of time, which Postgres takes for infinity: nothing is later, and all that has a time is before it.
    private static DateTimeOffset Later(DateTimeOffset from, TimeSpan length) =>
        DateTimeOffset.MaxValue - from < length ? DateTimeOffset.MaxValue : from + length;
}
