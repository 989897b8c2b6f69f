using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Memory.Bench;

/// <summary>Memory.Api as any client sees it: JSON over HTTP. Every failure is a <see cref="BenchException"/> of one line.</summary>
internal sealed class MemoryApi : IDisposable
{
    private readonly HttpClient http;

    internal MemoryApi(BenchSystem system)
        : this(system, new SocketsHttpHandler())
    {
    }

    internal MemoryApi(BenchSystem system, HttpMessageHandler handler)
    {
        http = new HttpClient(handler) { BaseAddress = system.MemoryApi, Timeout = TimeSpan.FromSeconds(60) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Token", system.ApiKey);
    }

    internal Task<JsonElement> GetAsync(string path, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Get, path, null, cancellationToken);

    internal Task<JsonElement> PostAsync(string path, object body, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, path, body, cancellationToken);

    /// <summary>As it is answered, or fails: for whoever knows what to do about that.</summary>
    internal Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        http.SendAsync(request, cancellationToken);

    /// <param name="request">What was asked, for the message of a failure.</param>
    internal async Task<JsonElement> ReadAsync(HttpResponseMessage answer, string request, CancellationToken cancellationToken)
    {
        string text = await answer.Content.ReadAsStringAsync(cancellationToken);
        return answer.IsSuccessStatusCode ? Parse(text, request) : throw Refused(answer.StatusCode, text, request);
    }

    public void Dispose() => http.Dispose();

    private async Task<JsonElement> SendAsync(HttpMethod method, string path, object? body, CancellationToken cancellationToken)
    {
        try
        {
            using var request = new HttpRequestMessage(method, path);
            request.Content = body is null ? null : JsonContent.Create(body);
            using HttpResponseMessage answer = await http.SendAsync(request, cancellationToken);
            return await ReadAsync(answer, $"{method} {http.BaseAddress}{path}", cancellationToken);
        }
        catch (HttpRequestException cause)
        {
            throw new BenchException($"{http.BaseAddress} does not answer ({cause.Message}); is ./run up?");
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new BenchException($"{method} {http.BaseAddress}{path} did not answer within {http.Timeout.TotalSeconds:0} s");
        }
    }

    private static JsonElement Parse(string text, string request)
    {
        try
        {
            return JsonElement.Parse(text);
        }
        catch (JsonException)
        {
            throw new BenchException($"{request} did not answer JSON");
        }
    }

    private BenchException Refused(HttpStatusCode status, string text, string request) =>
        status == HttpStatusCode.Unauthorized
            ? new($"{http.BaseAddress} refuses the API key (401); set MEMORY_API_KEY to the one that ./run prints")
            : new($"{request} answered {(int)status}: {Refusal.Read(text).Detail}");
}
