using StackExchange.Redis;

namespace Memory.Core.Storage;

/// <summary>
/// Redis for whoever can do without it: a call waits for a moment only, and after one that was not answered everybody does
/// without for <see cref="Pause"/>; then one call finds out whether it is back. So a Redis that hangs costs one caller in
/// that time its patience, and the others nothing.
/// </summary>
public sealed class BoundedRedis(IConnectionMultiplexer redis, TimeProvider time)
{
    internal static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    // A timestamp of the time provider; 0: it answers, as far as is known.
    private long _silentUntil;

    /// <param name="missed">Told what went wrong; not of calls that were left out.</param>
    /// <returns>Default when it did not answer in time, or was not asked.</returns>
    internal async Task<T?> AskAsync<T>(
        Func<IDatabase, Task<T>> call, TimeSpan patience, Action<Exception> missed, CancellationToken cancellationToken)
    {
        if (!MayBeAsked())
            return default;
        try
        {
            T answer = await call(redis.GetDatabase()).WaitAsync(patience, time, cancellationToken);
            Volatile.Write(ref _silentUntil, 0);
            return answer;
        }
        catch (Exception cause) when (IsTrouble(cause))
        {
            Missed(cause, missed);
            return default;
        }
    }

    /// <summary>For commands whose answer nobody waits for.</summary>
    internal void Tell(Action<IDatabase> call, Action<Exception> missed)
    {
        if (Volatile.Read(ref _silentUntil) != 0)
            return;
        try
        {
            call(redis.GetDatabase());
        }
        catch (Exception cause) when (IsTrouble(cause))
        {
            Missed(cause, missed);
        }
    }

    private bool MayBeAsked()
    {
        long until = Volatile.Read(ref _silentUntil);
        if (until == 0)
            return true;
        long now = time.GetTimestamp();
        // Whoever moves the time on is the one that tries.
        return now >= until && Interlocked.CompareExchange(ref _silentUntil, Later(now), until) == until;
    }

    // A server that refuses a command has answered.
    private void Missed(Exception cause, Action<Exception> missed)
    {
        if (cause is not RedisServerException)
            Volatile.Write(ref _silentUntil, Later(time.GetTimestamp()));
        missed(cause);
    }

    private long Later(long now) => now + (long)(Pause.TotalSeconds * time.TimestampFrequency);

    // A command that a server or its topology does not take is an exception of a family of its own.
    private static bool IsTrouble(Exception cause) => cause is RedisException or RedisCommandException or TimeoutException;
}
