using Memory.Models;
using Memory.Models.Resilience;
using Memory.Testing;

namespace Memory.Core.Tests.Models;

public sealed class ModelResilienceTests
{
    // Only so that a failing test fails instead of hanging.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly ManualTime _time = new(DateTimeOffset.UnixEpoch);
    private int _calls;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_may_work_again_is_tried_again(bool deferrable)
    {
        using ModelResilience resilience = Resilience(Quick());
        Exception cause = deferrable ? new ModelException.Deferrable("away") : new ModelException.Failed("broke");

        int answer = await resilience.ExecuteAsync(_ => FailUntil(3, cause), CancellationToken.None);

        Assert.Equal(3, answer);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_will_never_work_is_not_tried_again(bool permanent)
    {
        using ModelResilience resilience = Resilience(Quick());
        Exception cause = permanent ? new ModelException.Permanent("no") : new ModelException.Malformed("what?");

        Exception seen = await Assert.ThrowsAnyAsync<ModelException>(() => resilience.ExecuteAsync(_ => FailUntil(3, cause), CancellationToken.None));

        Assert.Same(cause, seen);
        Assert.Equal(1, _calls);
    }

    [Fact]
    public async Task After_the_last_retry_the_failure_itself_comes_out()
    {
        using ModelResilience resilience = Resilience(Quick());

        await Assert.ThrowsAsync<ModelException.Failed>(() => resilience.ExecuteAsync(_ => FailUntil(9, new ModelException.Failed("broke")), CancellationToken.None));

        Assert.Equal(3, _calls);
    }

    [Fact]
    public async Task Nobody_is_asked_again_before_the_time_it_wants()
    {
        using ModelResilience resilience = Resilience(new() { RetryMilliseconds = 1 }, _time);
        Task<int> answer = resilience.ExecuteAsync(
            _ => FailUntil(2, new ModelException.Deferrable("busy", 429, TimeSpan.FromSeconds(5))), CancellationToken.None);

        _time.Advance(TimeSpan.FromSeconds(4.9));
        int before = _calls;
        _time.Advance(TimeSpan.FromSeconds(0.2));

        Assert.Equal(2, await answer.WaitAsync(s_patience));
        Assert.Equal(1, before);
    }

    [Fact]
    public async Task Who_wants_to_be_left_alone_for_long_is_deferred_at_once()
    {
        using ModelResilience resilience = Resilience(new() { LongestRetrySeconds = 20 }, _time);

        var deferred = await Assert.ThrowsAsync<ModelException.Deferrable>(() => resilience.ExecuteAsync(
            _ => FailUntil(2, new ModelException.Deferrable("busy", 429, TimeSpan.FromSeconds(60))), CancellationToken.None));

        Assert.Equal(TimeSpan.FromSeconds(60), deferred.RetryAfter);
        Assert.Equal(1, _calls);
    }

    [Fact]
    public async Task When_everything_fails_few_calls_are_retries()
    {
        using ModelResilience resilience = Resilience(Quick());

        for (var i = 0; i < 200; i++)
            await Assert.ThrowsAsync<ModelException.Failed>(() => resilience.ExecuteAsync(_ => FailUntil(int.MaxValue, new ModelException.Failed("broke")), CancellationToken.None));

        Assert.InRange(_calls, 200 + 10, 200 + 10 + 20);
    }

    [Fact]
    public async Task An_open_circuit_calls_nobody_and_says_for_how_long()
    {
        using ModelResilience resilience = Resilience(new() { Retries = 0, BreakMinimumCalls = 5, BreakSeconds = 15 }, _time);
        for (var i = 0; i < 5; i++)
            await DeferredAsync(resilience);

        ModelException.Deferrable open = await DeferredAsync(resilience);

        Assert.Equal(5, _calls);
        Assert.Equal(TimeSpan.FromSeconds(15), open.RetryAfter);
    }

    [Fact]
    public async Task An_open_circuit_lets_one_try_after_its_time_and_waits_twice_as_long_when_that_fails()
    {
        using ModelResilience resilience = Resilience(new() { Retries = 0, BreakMinimumCalls = 5, BreakSeconds = 15, LongestBreakSeconds = 60 }, _time);
        List<TimeSpan?> breaks = [];
        for (var round = 0; round < 4; round++)
        {
            while (await DeferredAsync(resilience) is { Status: 429 })
            {
            }

            ModelException.Deferrable open = await DeferredAsync(resilience);
            breaks.Add(open.RetryAfter);
            _time.Advance(open.RetryAfter!.Value);
        }

        int answer = await resilience.ExecuteAsync(_ => Task.FromResult(42), CancellationToken.None);

        Assert.Equal([15, 30, 60, 60], breaks.Select(one => one!.Value.TotalSeconds));
        Assert.Equal(5 + 3, _calls);
        Assert.Equal(42, answer);
    }

    [Fact]
    public async Task No_more_calls_than_allowed_run_at_a_time_and_the_others_wait_their_turn()
    {
        using ModelResilience resilience = Resilience(new() { Concurrency = 2 });
        var gate = new TaskCompletionSource();
        var running = 0;
        var most = 0;

        Task[] calls = [.. Enumerable.Range(0, 6).Select(_ => resilience.ExecuteAsync(
            async _ =>
            {
                most = Math.Max(most, Interlocked.Increment(ref running));
                await gate.Task;
                return Interlocked.Decrement(ref running);
            },
            CancellationToken.None))];
        gate.SetResult();
        await Task.WhenAll(calls).WaitAsync(s_patience);

        Assert.Equal(2, most);
    }

    [Fact]
    public async Task Whoever_never_got_a_turn_is_deferred_not_failed()
    {
        using ModelResilience resilience = Resilience(new() { Concurrency = 1, TotalTimeoutSeconds = 30, AttemptTimeoutSeconds = 600, Retries = 0 }, _time);
        Task<int> first = resilience.ExecuteAsync(Hang, CancellationToken.None);
        Task<int> second = resilience.ExecuteAsync(Hang, CancellationToken.None);

        _time.Advance(TimeSpan.FromSeconds(31));

        await Assert.ThrowsAsync<ModelException.Failed>(() => first.WaitAsync(s_patience));
        await Assert.ThrowsAsync<ModelException.Deferrable>(() => second.WaitAsync(s_patience));
    }

    [Fact]
    public async Task An_attempt_that_hangs_is_given_up_and_counts_as_failed()
    {
        using ModelResilience resilience = Resilience(new() { AttemptTimeoutSeconds = 45, Retries = 0 }, _time);
        Task<int> call = resilience.ExecuteAsync(Hang, CancellationToken.None);

        _time.Advance(TimeSpan.FromSeconds(46));

        await Assert.ThrowsAsync<ModelException.Failed>(() => call.WaitAsync(s_patience));
        Assert.Equal(1, _calls);
    }

    [Fact]
    public async Task Whoever_runs_out_of_time_waiting_for_a_throttled_model_is_deferred_not_failed()
    {
        using ModelResilience resilience = Resilience(new() { TotalTimeoutSeconds = 30, Retries = 5 }, _time);
        Task<int> call = resilience.ExecuteAsync(
            _ => FailUntil(9, new ModelException.Deferrable("busy", 429, TimeSpan.FromSeconds(18))), CancellationToken.None);

        _time.Advance(TimeSpan.FromSeconds(31));

        Assert.Equal(429, (await Assert.ThrowsAsync<ModelException.Deferrable>(() => call.WaitAsync(s_patience))).Status);
    }

    [Fact]
    public async Task Calling_off_the_one_try_of_an_open_circuit_does_not_close_it()
    {
        using ModelResilience resilience = Resilience(new() { Retries = 0, BreakMinimumCalls = 5, BreakSeconds = 15 }, _time);
        while (await DeferredAsync(resilience) is { Status: 429 })
        {
        }

        _time.Advance(TimeSpan.FromSeconds(15));
        using var caller = new CancellationTokenSource();
        Task<int> probe = resilience.ExecuteAsync(Hang, caller.Token);
        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => probe.WaitAsync(s_patience));

        Assert.Null((await DeferredAsync(resilience)).Status);
    }

    [Fact]
    public async Task The_callers_cancellation_reaches_the_call_and_is_no_failure()
    {
        using ModelResilience resilience = Resilience(new());
        using var caller = new CancellationTokenSource();
        Task<int> call = resilience.ExecuteAsync(Hang, caller.Token);

        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.WaitAsync(s_patience));
    }

    private static ModelResilience Resilience(ResilienceOptions options, TimeProvider? time = null) =>
        new(ModelRole.Extract, options, time ?? TimeProvider.System);

    private static ResilienceOptions Quick() => new() { RetryMilliseconds = 1, BreakMinimumCalls = 10_000 };

    private async Task<int> FailUntil(int number, Exception cause) =>
        ++_calls < number ? throw cause : await Task.FromResult(_calls);

    private async Task<int> Hang(CancellationToken cancellationToken)
    {
        _calls++;
        await Task.Delay(Timeout.Infinite, cancellationToken);
        return 0;
    }

    private Task<ModelException.Deferrable> DeferredAsync(ModelResilience resilience) => Assert.ThrowsAsync<ModelException.Deferrable>(
        () => resilience.ExecuteAsync(_ => FailUntil(int.MaxValue, new ModelException.Deferrable("busy", 429)), CancellationToken.None));
}
