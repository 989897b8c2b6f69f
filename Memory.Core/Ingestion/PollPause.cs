namespace Memory.Core.Ingestion;

/// <summary>How long a writer rests that found nothing to do: drawn, so that many of them do not look at once.</summary>
public static class PollPause
{
    /// <param name="idle">How often it found nothing one after the other, from 1.</param>
    /// <returns>Between <see cref="IngestionOptions.PollMilliseconds"/> and twice as long with every time, up to <see cref="IngestionOptions.LongestPollMilliseconds"/>.</returns>
    public static TimeSpan Draw(IngestionOptions options, int idle, Random random)
    {
        double shortest = Math.Min(options.PollMilliseconds, options.LongestPollMilliseconds);
        double longest = Math.Min(shortest * Math.Pow(2, Math.Min(idle, 10)), options.LongestPollMilliseconds);
        return TimeSpan.FromMilliseconds(shortest + ((longest - shortest) * random.NextDouble()));
    }
}
