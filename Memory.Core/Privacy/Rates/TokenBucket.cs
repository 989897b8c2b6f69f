namespace Memory.Core.Privacy.Rates;

/// <summary>Fills evenly up to its burst, and is taken from one by one. Not for two threads at once, but for <see cref="TakeOne"/> and <see cref="GiveBackOne"/>.</summary>
/// <param name="perSecond">Above 0.</param>
internal sealed class TokenBucket(int perSecond, int burst, TimeProvider time)
{
    private readonly Lock _turn = new();
    private double _tokens = burst;
    private long _at = time.GetTimestamp();

    /// <returns>How many there were, up to what is wanted.</returns>
    internal int Take(int wanted)
    {
        Fill();
        int given = Math.Min(wanted, (int)_tokens);
        _tokens -= given;
        return given;
    }

    /// <param name="wait">Where there is none: until there is one, at least a second.</param>
    internal bool TakeOne(out TimeSpan wait)
    {
        lock (_turn)
        {
            bool taken = Take(1) == 1;
            wait = taken ? TimeSpan.Zero : TimeSpan.FromSeconds(Math.Max(1, UntilNext.TotalSeconds));
            return taken;
        }
    }

    internal void GiveBackOne()
    {
        lock (_turn)
            _tokens = Math.Min(burst, _tokens + 1);
    }

    internal int Left
    {
        get
        {
            Fill();
            return (int)_tokens;
        }
    }

    /// <summary>Until there is one more.</summary>
    internal TimeSpan UntilNext => TimeSpan.FromSeconds((1 - (_tokens - Math.Floor(_tokens))) / perSecond);

    private void Fill()
    {
        long now = time.GetTimestamp();
        _tokens = Math.Min(burst, _tokens + (time.GetElapsedTime(_at, now).TotalSeconds * perSecond));
        _at = now;
    }
}
