using Memory.Client;
using Memory.Testing;
using Microsoft.Extensions.Options;

namespace Memory.Api.Tests.Client;

internal static class Clients
{
    /// <summary>The typed client with the default project's key and patience for a busy machine.</summary>
    internal static MemoryClient Client(this ApiApplication application, string key = TestServers.ApiKey) => Of(application.NewHttpClient(), key);

    internal static MemoryClient Of(HttpClient http, string key = TestServers.ApiKey)
    {
        http.DefaultRequestHeaders.Authorization = new("Token", key);
        return new MemoryClient(http, Options.Create(new MemoryClientOptions { RecallMilliseconds = 20_000, AppendMilliseconds = 20_000 }));
    }

    /// <summary>Of an API that is not there.</summary>
    internal static MemoryClient OfNobody() => Of(new HttpClient { BaseAddress = new Uri("http://127.0.0.1:1/") });
}
