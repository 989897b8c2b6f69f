using System.Runtime.CompilerServices;
using Memory.Models;
using Memory.Models.Resilience;
using Memory.Testing;

namespace Memory.Core.Tests.Models;

public sealed class ResilientStreamTests
{
    // Only so that a failing test fails instead of hanging.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly ManualTime _time = new(DateTimeOffset.UnixEpoch);
    private int _calls;

    [Fact]
    public async Task A_stream_that_fails_before_its_first_item_is_opened_again()
    {
        using ModelResilience resilience = Resilience(Quick());

        List<int> items = await resilience.StreamAsync(token => Items(failsBefore: 2, failsAfter: null, token), CancellationToken.None).ToListAsync();

        Assert.Equal([1, 2, 3], items);
        Assert.Equal(3, _calls);
    }

    [Fact]
    public async Task What_was_said_in_a_stream_is_not_said_twice()
    {
        using ModelResilience resilience = Resilience(Quick());
        List<int> seen = [];

        await Assert.ThrowsAsync<ModelException.Failed>(async () =>
        {
            await foreach (int item in resilience.StreamAsync(token => Items(failsBefore: 0, failsAfter: 2, token), CancellationToken.None))
                seen.Add(item);
        });

        Assert.Equal([1, 2], seen);
        Assert.Equal(1, _calls);
    }

    [Fact]
    public async Task A_stream_that_falls_silent_is_given_up()
    {
        using ModelResilience resilience = Resilience(new() { AttemptTimeoutSeconds = 45, TotalTimeoutSeconds = 600 }, _time);
        await using IAsyncEnumerator<int> items = resilience.StreamAsync(Silent, CancellationToken.None).GetAsyncEnumerator();
        Assert.True(await items.MoveNextAsync());
        // However long the listener takes, the clock of silence runs only while it waits.
        _time.Advance(TimeSpan.FromSeconds(100));
        Task<bool> next = items.MoveNextAsync().AsTask();

        _time.Advance(TimeSpan.FromSeconds(19));
        bool before = next.IsCompleted;
        _time.Advance(TimeSpan.FromSeconds(46));

        Assert.False(before);
        await Assert.ThrowsAsync<ModelException.Failed>(() => next.WaitAsync(s_patience));
    }

    [Fact]
    public async Task An_abandoned_stream_gives_its_turn_back()
    {
        using ModelResilience resilience = Resilience(new() { Concurrency = 1 });
        await foreach (int _ in resilience.StreamAsync(token => Items(0, null, token), CancellationToken.None))
            break;

        Assert.Equal(42, await resilience.ExecuteAsync(_ => Task.FromResult(42), CancellationToken.None).WaitAsync(s_patience));
    }

    private static ModelResilience Resilience(ResilienceOptions options, TimeProvider? time = null) =>
        new(ModelRole.Chat, options, time ?? TimeProvider.System);

    private static ResilienceOptions Quick() => new() { RetryMilliseconds = 1, BreakMinimumCalls = 10_000 };

    private async IAsyncEnumerable<int> Items(int failsBefore, int? failsAfter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (++_calls <= failsBefore)
            throw new ModelException.Failed("broke");
        for (var item = 1; item <= 3; item++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return item;
            await Task.Yield();
            if (item == failsAfter)
                throw new ModelException.Failed("broke");
        }
    }

    private static async IAsyncEnumerable<int> Silent([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return 1;
        await Task.Delay(Timeout.Infinite, cancellationToken);
    }
}
