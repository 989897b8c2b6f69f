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

    public void Dispose() => http.Dispose();

    private async Task<JsonElement> SendAsync(HttpMethod method, string path, object? body, CancellationToken cancellationToken)
    {
        try
        {
            using var request = new HttpRequestMessage(method, path);
            request.Content = body is null ? null : JsonContent.Create(body);
            using HttpResponseMessage answer = await http.SendAsync(request, cancellationToken);
            string text = await answer.Content.ReadAsStringAsync(cancellationToken);
            return answer.IsSuccessStatusCode ? Parse(text, method, path) : throw Refused(answer.StatusCode, text, method, path);
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

    private JsonElement Parse(string text, HttpMethod method, string path)
    {
        try
        {
            return JsonElement.Parse(text);
        }
        catch (JsonException)
        {
            throw new BenchException($"{method} {http.BaseAddress}{path} did not answer JSON");
        }
    }

    private BenchException Refused(HttpStatusCode status, string text, HttpMethod method, string path) =>
        status == HttpStatusCode.Unauthorized
            ? new($"{http.BaseAddress} refuses the API key (401); set MEMORY_API_KEY to the one that ./run prints")
            : new($"{method} {http.BaseAddress}{path} answered {(int)status}: {Detail(text)}");

    private static string Detail(string text)
    {
        try
        {
            JsonElement body = JsonElement.Parse(text);
            if (body.ValueKind == JsonValueKind.Object && body.TryGetProperty("detail", out JsonElement detail))
                return detail.ToString();
        }
        catch (JsonException)
        {
            // Not JSON: the text itself says what there is to say.
        }

        string line = text.ReplaceLineEndings(" ").Trim();
        return line.Length is 0 ? "(no text)" : line[..Math.Min(line.Length, 200)];
    }
}
