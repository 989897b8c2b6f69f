using System.Collections.Concurrent;
using Memory.Core.Diagnostics;
using Memory.Core.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Memory.Core.Privacy.Rates;

/// <summary>
/// A token bucket for each key, in Redis, shared by all processes. Each takes some tokens at a time, so that few requests wait
/// for Redis, and the limit holds but for what each has at hand. Without Redis each process counts alone: bounded, never open.
/// </summary>
public sealed class KeyRates(BoundedRedis redis, IOptions<RateLimitOptions> options, TimeProvider time, ILogger<KeyRates> logger)
{
    private const int MostKeys = 10_000;

    /// <summary>A process takes at most one part in so many of a burst.</summary>
    private const int Parts = 20;

    private const int MostAtOnce = 100;

    // By the server's clock, so that no two processes disagree. A bucket that has filled up again is forgotten.
    private const string Take = """
        local rate, burst, wanted = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
        local clock = redis.call('TIME')
        local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
        local kept = redis.call('HMGET', KEYS[1], 'tokens', 'at')
        local tokens = tonumber(kept[1] or burst) + math.max(0, now - tonumber(kept[2] or now)) * rate / 1000
        tokens = math.min(burst, tokens)
        local given = math.min(wanted, math.floor(tokens))
        tokens = tokens - given
        redis.call('HMSET', KEYS[1], 'tokens', string.format('%.6f', tokens), 'at', string.format('%.0f', now))
        redis.call('PEXPIRE', KEYS[1], math.ceil(burst / rate * 1000) + 1000)
        return {given, math.floor(tokens), math.ceil((1 - (tokens - math.floor(tokens))) / rate * 1000)}
        """;

    private readonly ConcurrentDictionary<Guid, KeyBucket> _buckets = new();

    /// <returns>Null: nothing is limited.</returns>
    public async ValueTask<RateAnswer?> TakeAsync(Principal principal, CancellationToken cancellationToken)
    {
        if (options.Value.PerSecond == 0 || principal.KeyId is not { } key)
            return null;
        KeyBucket bucket = BucketOf(key);
        while (true)
        {
            Task fetching;
            lock (bucket)
            {
                if (bucket.TryTake() is { } answer)
                    return answer;
                bucket.Waiting++;
                if (bucket.Fetching is not { IsCompleted: false })
                    bucket.Fetching = FetchAsync(principal.Project, key, bucket);
                fetching = bucket.Fetching;
            }

            await fetching.WaitAsync(cancellationToken);
        }
    }

    // For all who wait: none of them may cut it short for the others.
    private async Task FetchAsync(ProjectId project, Guid key, KeyBucket bucket)
    {
        RateLimitOptions limits = options.Value;
        int wanted = Math.Max(Math.Clamp(limits.Burst / Parts, 1, MostAtOnce), bucket.Waiting);
        bucket.Waiting = 0;
        RedisValue[] arguments = [limits.PerSecond, limits.Burst, wanted];
        RedisResult? taken = await redis.AskAsync(
            database => database.ScriptEvaluateAsync(Take, [RedisKeys.Rate(project, key)], arguments),
            TimeSpan.FromMilliseconds(limits.RedisMilliseconds), Missed, CancellationToken.None);
        lock (bucket)
        {
            if (taken is not null && (long[]?)taken is [long given, long left, long untilNext])
                bucket.Fill((int)given, (int)left, TimeSpan.FromMilliseconds(untilNext));
            else
                bucket.FillAlone(wanted: 1);
        }
    }

    private KeyBucket BucketOf(Guid key)
    {
        if (_buckets.TryGetValue(key, out KeyBucket? known))
            return known;
        if (_buckets.Count >= MostKeys)
            _buckets.Clear();
        return _buckets.GetOrAdd(key, _ => new KeyBucket(options.Value, time));
    }

    private void Missed(Exception cause)
    {
        MemoryTelemetry.RateLimitFailures.Add(1);
        logger.RatesUnavailable(cause);
    }
}
