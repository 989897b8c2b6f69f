using Amazon.Runtime;

namespace Memory.Core.Tests.Models;

/// <summary>HTTP as the SDK does it, with a look at what goes out, already signed, and at what comes in.</summary>
internal sealed class WatchedHttp(Action<HttpRequestMessage>? sending = null, Action<HttpResponseMessage>? received = null) : HttpClientFactory
{
    public override HttpClient CreateHttpClient(IClientConfig clientConfig) => new(new Watching(sending, received));

    // Another test's client must not get this one's.
    public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

    private sealed class Watching(Action<HttpRequestMessage>? sending, Action<HttpResponseMessage>? received)
        : DelegatingHandler(new HttpClientHandler())
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            sending?.Invoke(request);
            HttpResponseMessage response = await base.SendAsync(request, cancellationToken);
            received?.Invoke(response);
            return response;
        }
    }
}
