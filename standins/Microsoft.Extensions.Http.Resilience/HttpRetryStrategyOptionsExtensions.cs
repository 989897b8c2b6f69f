using System.Diagnostics.CodeAnalysis;
using Polly;

namespace Microsoft.Extensions.Http.Resilience;

[Experimental("EXTEXP0001")]
public static class HttpRetryStrategyOptionsExtensions
{
    public static void DisableForUnsafeHttpMethods(this HttpRetryStrategyOptions options) =>
        options.DisableFor(HttpMethod.Delete, HttpMethod.Post, HttpMethod.Put, HttpMethod.Connect, HttpMethod.Patch);

    public static void DisableFor(this HttpRetryStrategyOptions options, params HttpMethod[] methods)
    {
        var transient = options.ShouldHandle;
        options.ShouldHandle = async arguments =>
        {
            var request = arguments.Outcome.Result?.RequestMessage ?? arguments.Context.GetRequestMessage();
            return (request is null || !methods.Contains(request.Method)) && await transient(arguments);
        };
    }
}
