using Memory.Core.Storage;
using Memory.Testing;
using StackExchange.Redis;

namespace Memory.Core.Tests.Storage;

/// <summary>A Redis that hangs costs one caller in a while its patience, and the others nothing.</summary>
public sealed class BoundedRedisTests : IAsyncLifetime
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(40);

    private readonly ManualTime _time = new(DateTimeOffset.UnixEpoch.AddYears(50));
    private readonly List<Exception> _missed = [];
    private ConnectionMultiplexer _away = null!;
    private BoundedRedis _redis = null!;
    private int _asked;

    public async Task InitializeAsync()
    {
        _away = await ConnectionMultiplexer.ConnectAsync("127.0.0.1:1,abortConnect=false,connectTimeout=100");
        _redis = new BoundedRedis(_away, _time);
    }

    public Task DisposeAsync()
    {
        _away.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task After_a_call_that_was_not_answered_it_is_not_asked_for_a_while()
    {
        await HangAsync();

        Assert.Null(await AskAsync(Task.FromResult<string?>("here")));

        Assert.Equal(1, _asked);
        Assert.IsType<TimeoutException>(Assert.Single(_missed));
    }

    [Fact]
    public async Task Then_one_call_finds_out_and_the_others_do_not_wait_for_it()
    {
        await HangAsync();
        _time.Advance(BoundedRedis.Pause);

        Task<string?> probe = AskAsync(new TaskCompletionSource<string?>().Task);
        Assert.Null(await AskAsync(Task.FromResult<string?>("here")));

        Assert.False(probe.IsCompleted);
        Assert.Equal(2, _asked);
        _time.Advance(s_patience);
        Assert.Null(await probe);
    }

    [Fact]
    public async Task Once_it_answers_everybody_asks_again()
    {
        await HangAsync();
        _time.Advance(BoundedRedis.Pause);

        Assert.Equal("back", await AskAsync(Task.FromResult<string?>("back")));
        Assert.Equal("here", await AskAsync(Task.FromResult<string?>("here")));
    }

    [Fact]
    public async Task A_command_that_was_refused_is_an_answer()
    {
        using ConnectionMultiplexer server = await ConnectionMultiplexer.ConnectAsync((await TestServers.SharedAsync()).Redis);
        var redis = new BoundedRedis(server, _time);

        Assert.Null(await redis.AskAsync(database => database.ExecuteAsync("NOSUCHCOMMAND"), s_patience, _missed.Add, CancellationToken.None));

        Assert.IsType<RedisServerException>(Assert.Single(_missed));
        Assert.NotNull(await redis.AskAsync(database => database.ExecuteAsync("PING"), s_patience, _missed.Add, CancellationToken.None));
    }

    [Fact]
    public async Task What_nobody_waits_for_is_left_out_as_well()
    {
        await HangAsync();

        _redis.Tell(_ => _asked++, _missed.Add);

        Assert.Equal(1, _asked);
    }

    [Fact]
    public async Task What_is_no_trouble_of_redis_is_thrown() =>
        await Assert.ThrowsAsync<InvalidOperationException>(() => AskAsync(Task.FromException<string?>(new InvalidOperationException())));

    private async Task HangAsync()
    {
        Task<string?> call = AskAsync(new TaskCompletionSource<string?>().Task);
        _time.Advance(s_patience);
        Assert.Null(await call);
    }

    private Task<string?> AskAsync(Task<string?> answer) => _redis.AskAsync(
        _ =>
        {
            _asked++;
            return answer;
        },
        s_patience, _missed.Add, CancellationToken.None);
}
