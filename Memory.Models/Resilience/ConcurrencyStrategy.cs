using System.Threading.RateLimiting;
using Polly;

namespace Memory.Models.Resilience;

/// <summary>Lets so many calls run at a time; the others wait, as long as the time-out around them allows.</summary>
internal sealed class ConcurrencyStrategy(ConcurrencyLimiter limiter) : ResilienceStrategy
{
    protected override async ValueTask<Outcome<TResult>> ExecuteCore<TResult, TState>(
        Func<ResilienceContext, TState, ValueTask<Outcome<TResult>>> callback, ResilienceContext context, TState state)
    {
        try
        {
            using RateLimitLease permit = await limiter.AcquireAsync(1, context.CancellationToken);
            return await callback(context, state);
        }
        catch (OperationCanceledException cancelled)
        {
            return Outcome.FromException<TResult>(cancelled);
        }
    }
}
