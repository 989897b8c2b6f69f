using System.Runtime.CompilerServices;
using System.Threading.RateLimiting;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;

namespace Memory.Models.Resilience;

/// <summary>
/// How a role's calls are held together: total time-out → concurrency → retry → circuit breaker → attempt time-out. What
/// comes out is an answer, a <see cref="ModelException"/>, or the caller's own cancellation.
/// </summary>
internal sealed class ModelResilience : IDisposable
{
    private static readonly TimeSpan s_shortWait = TimeSpan.FromSeconds(1);

    private readonly string _role;
    private readonly ResilienceOptions _options;
    private readonly TimeProvider _time;
    private readonly RetryBudget _budget;
    private readonly ConcurrencyLimiter _permits;
    private readonly CircuitBreakerStateProvider _circuit = new();
    private readonly ResiliencePipeline _attempts;
    private readonly ResiliencePipeline _whole;

    internal ModelResilience(string role, ResilienceOptions options, TimeProvider time)
    {
        _role = role;
        _options = options;
        _time = time;
        _budget = new RetryBudget(options.RetryPercent);
        _permits = new ConcurrencyLimiter(new ConcurrencyLimiterOptions { PermitLimit = options.Concurrency, QueueLimit = int.MaxValue });
        _attempts = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(Retry())
            .AddCircuitBreaker(Breaker())
            .AddTimeout(TimeSpan.FromSeconds(options.AttemptTimeoutSeconds))
            .Build();
        _whole = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddTimeout(TimeSpan.FromSeconds(options.TotalTimeoutSeconds))
            .AddStrategy(_ => new ConcurrencyStrategy(_permits), new ConcurrencyStrategyOptions())
            .AddPipeline(_attempts)
            .Build();
    }

    internal async Task<T> ExecuteAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        var attempts = new Attempts();
        _budget.Earn();
        try
        {
            return await _whole.ExecuteAsync(async token => await attempts.RunAsync(() => call(token)), cancellationToken);
        }
        catch (ExecutionRejectedException rejected)
        {
            throw Translate(rejected, attempts);
        }
    }

    /// <summary>
    /// Passes a stream on as it comes. An attempt ends with its first item: what the caller has seen is not said twice, so
    /// from there on nothing is retried, and only silence between two items is bounded.
    /// </summary>
    internal async IAsyncEnumerable<T> StreamAsync<T>(
        Func<CancellationToken, IAsyncEnumerable<T>> open, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var attempts = new Attempts();
        _budget.Earn();
        using var total = new CancellationTokenSource(TimeSpan.FromSeconds(_options.TotalTimeoutSeconds), _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, total.Token);
        using RateLimitLease permit = await OrTimeoutAsync(() => _permits.AcquireAsync(1, both.Token).AsTask(), attempts, cancellationToken);
        await using OpenStream<T> stream = await OrTimeoutAsync(
            () => _attempts.ExecuteAsync(
                async token => await attempts.RunAsync(() => OpenStream<T>.OpenAsync(open, both.Token, token).AsTask()), both.Token).AsTask(),
            attempts, cancellationToken);
        for (bool more = stream.HasItem; more;)
        {
            yield return stream.Current;
            more = await OrTimeoutAsync(
                () => stream.MoveNextAsync(TimeSpan.FromSeconds(_options.AttemptTimeoutSeconds), _time), attempts, cancellationToken);
        }
    }

    public void Dispose() => _permits.Dispose();

    private async Task<T> OrTimeoutAsync<T>(Func<Task<T>> step, Attempts attempts, CancellationToken cancellationToken)
    {
        try
        {
            return await step();
        }
        catch (ExecutionRejectedException rejected)
        {
            throw Translate(rejected, attempts);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Translate(new TimeoutRejectedException(), attempts);
        }
    }

    private RetryStrategyOptions Retry() => new()
    {
        // With none left, Polly wants at least one; ShouldHandle then says no.
        MaxRetryAttempts = Math.Max(1, _options.Retries),
        ShouldHandle = attempt => ValueTask.FromResult(
            attempt.AttemptNumber < _options.Retries && MayWorkAgain(attempt.Outcome.Exception) && _budget.TrySpend()),
        DelayGenerator = attempt => ValueTask.FromResult<TimeSpan?>(Wait(attempt.AttemptNumber, attempt.Outcome.Exception)),
    };

    private CircuitBreakerStrategyOptions Breaker() => new()
    {
        FailureRatio = _options.BreakAtFailureRatio,
        SamplingDuration = TimeSpan.FromSeconds(_options.BreakSamplingSeconds),
        MinimumThroughput = _options.BreakMinimumCalls,
        BreakDurationGenerator = circuit => ValueTask.FromResult(TimeSpan.FromSeconds(
            Math.Min(_options.LongestBreakSeconds, _options.BreakSeconds * Math.Pow(2, Math.Min(circuit.HalfOpenAttempts, 20))))),
        // An attempt that was to tell whether the model is back, and was called off, has not told.
        ShouldHandle = attempt => ValueTask.FromResult(
            IsOutage(attempt.Outcome.Exception)
            || (attempt.Outcome.Exception is OperationCanceledException && _circuit.CircuitState == CircuitState.HalfOpen)),
        StateProvider = _circuit,
    };

    private static bool IsOutage(Exception? cause) => cause is ModelException.Deferrable or ModelException.Failed or TimeoutRejectedException;

    private bool MayWorkAgain(Exception? cause) =>
        IsOutage(cause) && !(cause is ModelException.Deferrable { RetryAfter: { } asked } && asked.TotalSeconds > _options.LongestRetrySeconds);

    // Full jitter (Marc Brooker, "Exponential Backoff and Jitter", AWS Architecture Blog, 2015); never before Retry-After.
    private TimeSpan Wait(int attempt, Exception? cause)
    {
        double bound = Math.Min(_options.LongestRetrySeconds * 1_000, _options.RetryMilliseconds * Math.Pow(2, attempt));
        TimeSpan drawn = TimeSpan.FromMilliseconds(Random.Shared.NextDouble() * bound);
        return cause is ModelException.Deferrable { RetryAfter: { } asked } ? asked + drawn : drawn;
    }

    private ModelException Translate(ExecutionRejectedException rejected, Attempts attempts) => rejected switch
    {
        BrokenCircuitException open => new ModelException.Deferrable(
            $"The {_role} model failed too often lately: it is left alone for a while.", status: null,
            // While one attempt tries whether it works again, the answer for everyone else is near.
            _circuit.CircuitState == CircuitState.HalfOpen ? s_shortWait : open.RetryAfter),
        _ when attempts.Deferred is { } busy => busy,
        _ when attempts.Began => new ModelException.Failed($"The {_role} model did not answer in time."),
        _ => new ModelException.Deferrable($"All {_options.Concurrency} calls that the {_role} model may be given at a time are taken."),
    };

    /// <summary>What the attempts of one call came to: a time-out while it waits for its next one is not the call's fault.</summary>
    private sealed class Attempts
    {
        internal bool Began { get; private set; }

        /// <summary>What the last one said, when that was that the call may work later and no other has begun since.</summary>
        internal ModelException.Deferrable? Deferred { get; private set; }

        internal async Task<T> RunAsync<T>(Func<Task<T>> attempt)
        {
            Began = true;
            Deferred = null;
            try
            {
                return await attempt();
            }
            catch (ModelException.Deferrable busy)
            {
                Deferred = busy;
                throw;
            }
        }
    }

    private sealed class ConcurrencyStrategyOptions : ResilienceStrategyOptions
    {
        public ConcurrencyStrategyOptions() => Name = "Concurrency";
    }
}
