using System.Net.Http.Headers;
using Polly;
using Polly.Retry;

namespace Microsoft.Extensions.Http.Resilience;

/// <summary>Three more attempts, with delays that double from 2 s on and vary.</summary>
public class HttpRetryStrategyOptions : RetryStrategyOptions<HttpResponseMessage>
{
    public HttpRetryStrategyOptions()
    {
        ShouldHandle = arguments => ValueTask.FromResult(
            HttpClientResiliencePredicates.IsTransient(arguments.Outcome, arguments.Context.CancellationToken));
        BackoffType = DelayBackoffType.Exponential;
        ShouldRetryAfterHeader = true;
        UseJitter = true;
    }

    /// <summary>A server's Retry-After, seconds or date, takes the place of the computed delay. Default true.</summary>
    public bool ShouldRetryAfterHeader
    {
        get;
        set
        {
            field = value;
            DelayGenerator = value
                ? arguments => ValueTask.FromResult(Wait(arguments.Outcome.Result?.Headers.RetryAfter))
                : null;
        }
    }

    private static TimeSpan? Wait(RetryConditionHeaderValue? header)
    {
        var delay = header?.Delta ?? header?.Date - TimeProvider.System.GetUtcNow();
        return delay < TimeSpan.Zero ? TimeSpan.Zero : delay;
    }
}
