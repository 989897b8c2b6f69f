using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using Memory.Testing;

namespace Memory.Bench.Append;

/// <summary>Appends as an application does: one message a request, over connections that are kept, each under a key of its own.</summary>
internal sealed class Sender : IDisposable
{
    private readonly HttpClient http;
    private long sent;

    internal Sender(Uri api)
    {
        http = new HttpClient(new SocketsHttpHandler { PooledConnectionIdleTimeout = TimeSpan.FromMinutes(5) }) { BaseAddress = api };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Token", TestServers.ApiKey);
    }

    /// <param name="client">Each has a conversation of its own.</param>
    internal async Task SendAsync(int client, CancellationToken cancellationToken)
    {
        string number = Interlocked.Increment(ref sent).ToString(CultureInfo.InvariantCulture);
        using var request = new HttpRequestMessage(HttpMethod.Post, "v1/messages/");
        request.Headers.Add("Idempotency-Key", number);
        request.Content = new StringContent(
            $$"""{"scope":{"user_id":"user-{{client}}","run_id":"talk-{{client}}"},"messages":[{"role":"user","content":"Message {{number}}: my sister visits me on Saturday, and we want to take the ferry to Muggia."}]}""",
            Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await http.SendAsync(request, cancellationToken);
        if (!answer.IsSuccessStatusCode)
            throw new BenchException($"an append was answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(cancellationToken)}");
    }

    public void Dispose() => http.Dispose();
}
