using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Memory.Testing.Faults;

/// <summary>Says things to the API as a careful client does: with an idempotency key, again when the answer did not come.</summary>
public sealed class RigClient(History history) : IDisposable
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    // A connection that broke is nobody else's concern; requests wait at most this long.
    private readonly HttpClient _http = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
    {
        Timeout = TimeSpan.FromSeconds(20),
        DefaultRequestHeaders = { { "Authorization", $"Token {TestServers.ApiKey}" } },
    };

    /// <summary>One request.</summary>
    /// <returns>The line that says what came of it, and when to ask again, where the answer says so.</returns>
    public async Task<(HistoryLine Line, HttpStatusCode? Status, TimeSpan? RetryAfter)> AppendAsync(
        Uri api, string user, string? key, IReadOnlyList<string> texts, string? conversation = null)
    {
        HistoryLine begun = history.Invoke(user, key, texts);
        try
        {
            using HttpRequestMessage request = Request(api, user, key, texts, conversation);
            using HttpResponseMessage answer = await _http.SendAsync(request);
            if (answer.IsSuccessStatusCode)
                return (Read(begun, await answer.Content.ReadFromJsonAsync<JsonElement>()), answer.StatusCode, null);
            // 5xx may come after the commit: whether it is there is unknown.
            string why = $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}";
            return (
                (int)answer.StatusCode < 500 && answer.StatusCode != HttpStatusCode.Conflict ? history.Fail(begun, why) : history.Unknown(begun, why),
                answer.StatusCode, answer.Headers.RetryAfter?.Delta);
        }
        catch (Exception cause) when (cause is HttpRequestException or IOException or OperationCanceledException)
        {
            return (history.Unknown(begun, cause.Message), null, null);
        }
    }

    /// <summary>Until it is acknowledged, by one API after the other, always with the same key.</summary>
    public async Task<HistoryLine> InsistAsync(IReadOnlyList<Uri> apis, string user, string key, IReadOnlyList<string> texts, string? conversation = null)
    {
        using var patience = new CancellationTokenSource(s_patience);
        for (var attempt = 0; ; attempt++)
        {
            (HistoryLine line, _, _) = await AppendAsync(apis[attempt % apis.Count], user, key, texts, conversation);
            if (line.Outcome == Outcome.Ok)
                return line;
            if (line.Outcome == Outcome.Fail)
                throw new InvalidOperationException($"The append was refused: {line.Why}");
            await Task.Delay(s_pause, patience.Token);
        }
    }

    /// <summary>POST of JSON to any path.</summary>
    public async Task<(HttpStatusCode Status, JsonElement Body)> PostAsync(Uri api, string path, object body)
    {
        using HttpResponseMessage answer = await _http.PostAsJsonAsync(new Uri(api, path), body);
        return (answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>());
    }

    /// <summary>DELETE of any path.</summary>
    public async Task<HttpStatusCode> DeleteAsync(Uri api, string path)
    {
        using HttpResponseMessage answer = await _http.DeleteAsync(new Uri(api, path));
        return answer.StatusCode;
    }

    public async Task<JsonElement> GetAsync(Uri api, string path)
    {
        using HttpResponseMessage answer = await _http.GetAsync(new Uri(api, path));
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    public void Dispose() => _http.Dispose();

    private static HttpRequestMessage Request(Uri api, string user, string? key, IReadOnlyList<string> texts, string? conversation)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(api, "/v1/messages/"))
        {
            Content = JsonContent.Create(new
            {
                scope = conversation is null ? (object)new { user_id = user } : new { user_id = user, run_id = conversation },
                messages = texts.Select(text => new { role = "user", content = text }),
            }),
        };
        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);
        return request;
    }

    private HistoryLine Read(HistoryLine begun, JsonElement answer) => history.Ok(
        begun, answer.GetProperty("event_id").GetGuid(),
        [.. answer.GetProperty("messages").EnumerateArray().Select(message => message.GetProperty("seq").GetInt64())]);
}
