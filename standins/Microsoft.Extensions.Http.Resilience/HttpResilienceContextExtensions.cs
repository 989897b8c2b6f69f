using System.Diagnostics.CodeAnalysis;

namespace Polly;

[Experimental("EXTEXP0001")]
public static class HttpResilienceContextExtensions
{
    private static readonly ResiliencePropertyKey<HttpRequestMessage?> Request = new("Resilience.Http.RequestMessage");

    public static HttpRequestMessage? GetRequestMessage(this ResilienceContext context) =>
        context.Properties.GetValue(Request, defaultValue: null);

    public static void SetRequestMessage(this ResilienceContext context, HttpRequestMessage? requestMessage) =>
        context.Properties.Set(Request, requestMessage);
}
