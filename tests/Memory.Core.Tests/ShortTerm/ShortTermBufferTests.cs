using Memory.Core.Episodic;
using Memory.Core.Lanes;
using Memory.Core.Retrieval;
using Memory.Core.ShortTerm;
using Memory.Testing;
using NativeProcesses;
using StackExchange.Redis;

namespace Memory.Core.Tests.ShortTerm;

/// <summary>Redis may be emptied, or be away, at any time: the window is always the true one.</summary>
public sealed class ShortTermBufferTests : IAsyncLifetime
{
    private NativeRedis _redis = null!;
    private CoreRig _rig = null!;

    public async Task InitializeAsync()
    {
        _redis = await NativeRedis.StartAsync(new NativeRedisOptions { Settings = new Dictionary<string, string>() }, CancellationToken.None);
        // Listing the keys has no asynchronous form, and a second would not always do on a busy machine.
        _rig = await CoreRig.StartAsync(_redis.ConnectionString + ",allowAdmin=true,abortConnect=false,syncTimeout=60000");
    }

    public async Task DisposeAsync()
    {
        await _rig.DisposeAsync();
        await _redis.DisposeAsync();
    }

    [Fact]
    public async Task Turns_are_at_hand_as_soon_as_they_are_appended()
    {
        await SayAsync("one", "two");

        Assert.Equal(["one", "two"], Texts(await _rig.Api<ShortTermBuffer>().ReadAsync(Lane, "c", CancellationToken.None)));
    }

    [Fact]
    public async Task An_emptied_redis_is_refilled_from_the_episodes()
    {
        await SayAsync("one", "two");
        await FlushAsync();

        Assert.Equal(["one", "two"], Texts(await WindowAsync()));
        Assert.Equal(["one", "two"], Texts(await _rig.Api<ShortTermBuffer>().ReadAsync(Lane, "c", CancellationToken.None)));
    }

    [Fact]
    public async Task A_window_that_lost_a_turn_is_not_believed()
    {
        await SayAsync("one");
        await FlushAsync();
        await SayAsync("two");

        Assert.Null(await _rig.Api<ShortTermBuffer>().ReadAsync(Lane, "c", CancellationToken.None));
        Assert.Equal(["one", "two"], Texts(await WindowAsync()));
    }

    [Fact]
    public async Task A_window_that_lost_its_newest_turn_is_not_shown()
    {
        await SayAsync("one");
        await SayAsync("two");
        await _rig.Api<IConnectionMultiplexer>().GetDatabase().ListLeftPopAsync(Server().Keys().Single());

        Assert.Equal(["one", "two"], Texts(await WindowAsync()));
    }

    [Fact]
    public async Task Only_the_last_turns_are_kept()
    {
        int capacity = _rig.Api<ShortTermBuffer>().Capacity;
        await SayAsync([.. Enumerable.Range(0, capacity + 5).Select(i => $"turn {i}")]);

        IReadOnlyList<Turn> window = await WindowAsync();

        Assert.Equal(capacity, window.Count);
        Assert.Equal($"turn {capacity + 4}", window[^1].Content);
    }

    [Fact]
    public async Task Without_redis_messages_are_stored_and_the_window_comes_from_the_episodes()
    {
        await SayAsync("before");
        await _redis.StopAsync();

        await SayAsync("after");

        Assert.Equal(["before", "after"], Texts(await WindowAsync()));
    }

    [Fact]
    public async Task Every_key_expires()
    {
        await SayAsync("one");

        IServer server = Server();
        foreach (RedisKey key in server.Keys())
            Assert.NotNull(await _rig.Api<IConnectionMultiplexer>().GetDatabase().KeyTimeToLiveAsync(key));
        Assert.NotEmpty(server.Keys());
    }

    private IServer Server() => _rig.Api<IConnectionMultiplexer>().GetServer(_redis.Host, _redis.Port);

    private Lane Lane => new(_rig.Principal.Project, new Owner(OwnerKind.User, "alice"));

    private Task SayAsync(params string[] texts) => _rig.Api<EpisodeLog>().AppendAsync(
        _rig.Principal, MemoryScope.Create(userId: "alice", runId: "c"), [.. texts.Select(text => new NewMessage("user", text))], IngestionRequest.Plain, CancellationToken.None);

    private Task<IReadOnlyList<Turn>> WindowAsync() => _rig.Api<WindowStage>().ReadAsync(Lane, "c", CancellationToken.None);

    private Task FlushAsync() => Server().FlushAllDatabasesAsync();

    private static IEnumerable<string>? Texts(IReadOnlyList<Turn>? turns) => turns?.Select(turn => turn.Content);
}
