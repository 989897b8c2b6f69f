using System.Globalization;
using Memory.Api.Wire;
using Memory.Core.Privacy;
using Memory.Core.Privacy.Rates;
using Microsoft.AspNetCore.Authorization;

namespace Memory.Api.Auth;

/// <summary>How many requests a key may make. Probes, and whatever else anybody may ask, count for nobody.</summary>
internal static class KeyRateLimit
{
    internal static void UseKeyRates(this WebApplication app)
    {
        var rates = app.Services.GetRequiredService<KeyRates>();
        app.Use((context, next) => LimitAsync(rates, context, next));
    }

    private static async Task LimitAsync(KeyRates rates, HttpContext context, RequestDelegate next)
    {
        if (context.Features.Get<Principal>() is not { } principal || context.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is not null
            || await rates.TakeAsync(principal, context.RequestAborted) is not { } answer)
        {
            await next(context);
            return;
        }

        // At the last moment: what answers an error begins with empty headers.
        context.Response.OnStarting(static state => Say((State)state), new State(context.Response, answer));
        if (answer.IsAllowed)
            await next(context);
        else
            await RefuseAsync(context, answer);
    }

    private static Task RefuseAsync(HttpContext context, RateAnswer answer) => ErrorBody.WriteAsync(
        context, StatusCodes.Status429TooManyRequests, "rate-limited",
        $"This API key makes more requests than it may (at most {answer.Limit} at once); try again in a moment.", answer.Wait);

    private static Task Say(State state)
    {
        IHeaderDictionary headers = state.Response.Headers;
        headers["X-RateLimit-Limit"] = state.Answer.Limit.ToString(CultureInfo.InvariantCulture);
        headers["X-RateLimit-Remaining"] = state.Answer.Remaining.ToString(CultureInfo.InvariantCulture);
        headers["X-RateLimit-Reset"] = state.Answer.ResetSeconds.ToString(CultureInfo.InvariantCulture);
        return Task.CompletedTask;
    }

    private sealed record State(HttpResponse Response, RateAnswer Answer);
}
