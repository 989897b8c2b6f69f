using Memory.Core.Episodic;
using Memory.Core.Lanes;
using Memory.Core.Retrieval;
using Memory.Core.Storage;
using Memory.Testing;
using StackExchange.Redis;

namespace Memory.Core.Tests.ShortTerm;

/// <summary>How long a conversation in which nobody speaks any more stays in Redis.</summary>
public sealed class ShortTermExpiryTests
{
    private readonly string _user = $"user-{Guid.NewGuid():N}";

    [Theory]
    [InlineData(null, 24)]
    [InlineData("2", 2)]
    public async Task A_conversation_stays_for_a_day_or_what_is_configured_and_each_turn_begins_that_anew(string? configured, int hours)
    {
        var settings = new Dictionary<string, string?> { ["Memory:ShortTerm:TimeoutMilliseconds"] = "5000" };
        if (configured is not null)
            settings["Memory:ShortTerm:TtlHours"] = configured;
        await using CoreRig rig = await CoreRig.StartAsync(settings: settings);
        var lane = new Lane(rig.Principal.Project, new Owner(OwnerKind.User, _user));
        IDatabase redis = rig.Api<IConnectionMultiplexer>().GetDatabase();
        RedisKey key = RedisKeys.ShortTerm(lane.Project, lane.Owner, "c");

        await SayAsync(rig, "one");
        TimeSpan? atFirst = await redis.KeyTimeToLiveAsync(key);
        await redis.KeyExpireAsync(key, TimeSpan.FromMinutes(30));
        await SayAsync(rig, "two");
        TimeSpan? afterAnother = await redis.KeyTimeToLiveAsync(key);
        await redis.KeyDeleteAsync(key);
        await rig.Api<WindowStage>().ReadAsync(lane, "c", CancellationToken.None);
        TimeSpan? refilled = await redis.KeyTimeToLiveAsync(key);

        Assert.All([atFirst, afterAnother, refilled], left => Assert.InRange(left!.Value, TimeSpan.FromHours(hours) - TimeSpan.FromMinutes(1), TimeSpan.FromHours(hours)));
    }

    private Task SayAsync(CoreRig rig, string text) => rig.Api<EpisodeLog>().AppendAsync(
        rig.Principal, MemoryScope.Create(userId: _user, runId: "c"), [new NewMessage("user", text)], IngestionRequest.Plain, CancellationToken.None);
}
