using System.Diagnostics;
using Memory.Core.Privacy;
using Memory.Core.Privacy.Rates;
using Memory.Testing;
using StackExchange.Redis;

namespace Memory.Core.Tests.Privacy;

/// <summary>One bucket a key, whoever takes from it.</summary>
public sealed class KeyRatesTests
{
    [Fact]
    public async Task Few_requests_ask_Redis()
    {
        await using CoreRig rig = await RigAsync(1_000, 2_000);
        Principal key = NewKey(rig);

        for (var i = 0; i < 100; i++)
            Assert.True((await rig.Api<KeyRates>().TakeAsync(key, CancellationToken.None))!.Value.IsAllowed);

        Assert.Equal(1_900, await LeftInRedisAsync(rig, key));
    }

    [Fact]
    public async Task Many_at_once_get_what_there_is_and_no_more()
    {
        await using CoreRig rig = await RigAsync(1, 40);
        Principal key = NewKey(rig);
        Stopwatch passed = Stopwatch.StartNew();

        RateAnswer?[] answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => rig.Api<KeyRates>().TakeAsync(key, CancellationToken.None).AsTask()));

        Assert.InRange(answers.Count(answer => answer!.Value.IsAllowed), 40, 40 + (int)Math.Ceiling(passed.Elapsed.TotalSeconds));
    }

    [Fact]
    public async Task Without_Redis_a_process_counts_alone_and_stays_bounded()
    {
        await using CoreRig rig = await RigAsync(1, 40, "127.0.0.1:1,connectTimeout=100");
        Principal key = NewKey(rig);
        Stopwatch passed = Stopwatch.StartNew();

        var allowed = 0;
        for (var i = 0; i < 100; i++)
            allowed += (await rig.Api<KeyRates>().TakeAsync(key, CancellationToken.None))!.Value.IsAllowed ? 1 : 0;

        Assert.InRange(allowed, 40, 40 + (int)Math.Ceiling(passed.Elapsed.TotalSeconds));
    }

    [Fact]
    public void A_bucket_fills_evenly_and_never_over_its_edge()
    {
        var time = new ManualTime(DateTimeOffset.UnixEpoch.AddYears(50));
        var bucket = new TokenBucket(10, 20, time);

        Assert.Equal(20, bucket.Take(50));
        time.Advance(TimeSpan.FromMilliseconds(150));
        Assert.Equal((1, 0), (bucket.Take(5), bucket.Left));
        Assert.InRange(bucket.UntilNext.TotalMilliseconds, 49.9, 50.1);
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(20, bucket.Left);
    }

    private static Task<CoreRig> RigAsync(int perSecond, int burst, string? redis = null) => CoreRig.StartAsync(redis, settings: new Dictionary<string, string?>
    {
        ["Memory:RateLimits:PerSecond"] = $"{perSecond}",
        ["Memory:RateLimits:Burst"] = $"{burst}",
        ["Memory:RateLimits:RedisMilliseconds"] = "2000",
    });

    private static Principal NewKey(CoreRig rig) => rig.Principal with { KeyId = Guid.NewGuid() };

    private static async Task<int> LeftInRedisAsync(CoreRig rig, Principal key) =>
        (int)(double)await rig.Api<IConnectionMultiplexer>().GetDatabase().HashGetAsync($"rl:{key.Project}:{key.KeyId}", "tokens");
}
