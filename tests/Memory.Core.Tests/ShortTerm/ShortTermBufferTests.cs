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
    private const int Bytes = 4_096;

    private NativeRedis _redis = null!;
    private CoreRig _rig = null!;

    public async Task InitializeAsync()
    {
        _redis = await NativeRedis.StartAsync(new NativeRedisOptions(), CancellationToken.None);
        // Listing the keys has no asynchronous form, and a second would not always do on a busy machine.
        _rig = await CoreRig.StartAsync(
            _redis.ConnectionString + ",allowAdmin=true,abortConnect=false,syncTimeout=60000",
            settings: new Dictionary<string, string?> { ["Memory:ShortTerm:Bytes"] = $"{Bytes}" });
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

        Assert.Equal(["one", "two"], Texts(await AtHandAsync()));
    }

    [Fact]
    public async Task An_emptied_redis_is_refilled_from_the_episodes()
    {
        await SayAsync("one", "two");
        await FlushAsync();

        Assert.Equal(["one", "two"], Texts(await WindowAsync()));
        Assert.Equal(["one", "two"], Texts(await AtHandAsync()));
    }

    [Fact]
    public async Task A_window_that_lost_a_turn_is_not_believed()
    {
        await SayAsync("one");
        await FlushAsync();
        await SayAsync("two");

        Assert.Null(await AtHandAsync());
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
    public async Task Over_a_hundred_turns_a_window_begins_anew_only_once_a_block_and_grows_in_between()
    {
        const int most = 20, block = 10;
        List<long> starts = [];
        for (var said = 1; said <= 100; said++)
        {
            await SayAsync($"turn {said}");
            IReadOnlyList<Turn> window = (await AtHandAsync())!;

            Assert.Equal(Enumerable.Range(said - window.Count + 1, window.Count).Select(seq => (long)seq), window.Select(turn => turn.Seq));
            Assert.InRange(window.Count, Math.Min(said, most - block + 1), most);
            if (said % 7 == 0)
            {
                await FlushAsync();
                Assert.Equal(window, await WindowAsync());
            }

            starts.Add(window[0].Seq);
        }

        Assert.Equal([1, 10, 20, 30, 40, 50, 60, 70, 80, 90], starts.Distinct());
        Assert.Equal(block, starts.Count(start => start == 40));
    }

    [Fact]
    public async Task Blocks_hold_also_where_other_conversations_come_between()
    {
        List<long> starts = [];
        for (var said = 1; said <= 60; said++)
        {
            await SayAsync($"turn {said}");
            await AppendAsync([new NewMessage("user", "elsewhere")], "other");
            starts.Add((await WindowAsync())[0].Seq);
        }

        Assert.Equal(starts.Order(), starts);
        Assert.InRange(starts.Distinct().Count(), 5, 60 * 2 / 10);
    }

    [Fact]
    public async Task Of_long_turns_only_the_newest_that_fit_are_kept_and_none_counts_as_missing()
    {
        await SayAsync([.. Enumerable.Range(0, 10).Select(i => $"{i} {new string('x', 1_000)}")]);

        IReadOnlyList<Turn>? atHand = await AtHandAsync();

        // Three such turns with their names, ids and times are 3.5 kB; one more than fits says that the window is whole.
        Assert.Equal([8, 9, 10], atHand?.Select(turn => turn.Seq));
        Assert.Equal(4, await _rig.Api<IConnectionMultiplexer>().GetDatabase().ListLengthAsync(Server().Keys().Single()));
    }

    [Fact]
    public async Task The_episodes_give_the_same_window_as_redis_to_the_byte()
    {
        DateTimeOffset at = new DateTimeOffset(2024, 2, 29, 23, 59, 58, TimeSpan.FromHours(2)).AddTicks(7);
        await AppendAsync([.. Enumerable.Range(0, 6).Select(i => new NewMessage("user", $"{i} Grüße, 世界 \"👋🏽\" <&> {new string('ü', 400)}", "Zoë", at))]);

        IReadOnlyList<Turn>? atHand = await AtHandAsync();
        await FlushAsync();

        Assert.Equal(atHand, await WindowAsync());
        Assert.Equal(atHand, await AtHandAsync());
        Assert.InRange(atHand!.Count, 1, 5);
    }

    [Fact]
    public async Task A_turn_that_is_larger_than_a_window_is_shown_alone()
    {
        await SayAsync("small", new string('x', Bytes + 1));

        Assert.Equal([2], (await AtHandAsync())?.Select(turn => turn.Seq));
        await FlushAsync();
        Assert.Equal([2], (await WindowAsync()).Select(turn => turn.Seq));
    }

    [Fact]
    public async Task While_redis_hangs_messages_are_stored_and_the_window_comes_from_the_episodes()
    {
        await SayAsync("before");
        _redis.Freeze();
        try
        {
            await SayAsync("meanwhile");
            Assert.Equal(["before", "meanwhile"], Texts(await WindowAsync()));
        }
        finally
        {
            _redis.Thaw();
        }

        Assert.Equal(["before", "meanwhile"], Texts(await WindowAsync()));
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

    private Task SayAsync(params string[] texts) => AppendAsync([.. texts.Select(text => new NewMessage("user", text))]);

    private Task AppendAsync(NewMessage[] messages, string conversation = "c") => _rig.Api<EpisodeLog>().AppendAsync(
        _rig.Principal, MemoryScope.Create(userId: "alice", runId: conversation), messages, IngestionRequest.Plain, CancellationToken.None);

    private Task<IReadOnlyList<Turn>?> AtHandAsync()
    {
        ShortTermBuffer buffer = _rig.Api<ShortTermBuffer>();
        return buffer.ReadAsync(Lane, "c", _rig.Api<EpisodeLog>().LastSeqsAsync(Lane, "c", buffer.Reach, CancellationToken.None), CancellationToken.None);
    }

    private Task<IReadOnlyList<Turn>> WindowAsync() => _rig.Api<WindowStage>().ReadAsync(Lane, "c", CancellationToken.None);

    private Task FlushAsync() => Server().FlushAllDatabasesAsync();

    private static IEnumerable<string>? Texts(IReadOnlyList<Turn>? turns) => turns?.Select(turn => turn.Content);
}
