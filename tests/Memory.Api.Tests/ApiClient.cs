using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Memory.Api.Tests;

/// <summary>Speaks HTTP with one key; bodies are what a test writes, never the API's own types.</summary>
public sealed class ApiClient(HttpClient http, string? key, (string Name, string[] Values)? header = null)
{
    // Names as the test writes them.
    private static readonly JsonSerializerOptions s_asWritten = new();

    /// <summary>The same, with these values of Idempotency-Key on whatever it sends.</summary>
    public ApiClient Keyed(params string[] values) => new(http, key, ("Idempotency-Key", values));

    /// <summary>The same, listening from where a stream broke off; null: from now on.</summary>
    public ApiClient From(string? lastEventId) => lastEventId is null ? this : new(http, key, ("Last-Event-ID", [lastEventId]));

    public Task<Answer> GetAsync(string path) => SendAsync(HttpMethod.Get, path, null);

    public Task<Answer> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path, null);

    public Task<Answer> PutAsync(string path, object body) => SendAsync(HttpMethod.Put, path, JsonContent.Create(body, options: s_asWritten));

    public Task<Answer> PostAsync(string path, object body) => SendAsync(HttpMethod.Post, path, JsonContent.Create(body, options: s_asWritten));

    public Task<Answer> PostTextAsync(string path, string json) => SendAsync(HttpMethod.Post, path, Json(json));

    public Task<Answer> PutTextAsync(string path, string json) => SendAsync(HttpMethod.Put, path, Json(json));

    public async Task<Answer> SendAsync(HttpMethod method, string path, HttpContent? content)
    {
        using HttpRequestMessage request = Request(method, path);
        request.Content = content;
        using HttpResponseMessage response = await http.SendAsync(request);
        return new Answer(
            (int)response.StatusCode, await response.Content.ReadAsStringAsync(),
            response.Content.Headers.ContentType?.MediaType, response.Headers);
    }

    /// <summary>Listens to a stream of events; the answer has begun.</summary>
    public async Task<EventReader> ListenAsync(string path)
    {
        using HttpRequestMessage request = Request(HttpMethod.Get, path);
        HttpResponseMessage response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        return await EventReader.OpenAsync(response);
    }

    /// <summary>What a user says, to be distilled.</summary>
    public async Task<Answer> AddAsync(string user, params string[] texts) =>
        (await PostAsync("/v3/memories/add/", new { user_id = user, messages = texts.Select(text => new { role = "user", content = text }) })).Ok();

    /// <summary>Kept word for word, at once.</summary>
    /// <returns>The memory's id.</returns>
    public async Task<string> KeepAsync(string user, string text, object? metadata = null, string? agent = null)
    {
        Answer answer = await PostAsync(
            "/v3/memories/add/",
            new { user_id = user, agent_id = agent, infer = false, metadata, messages = new[] { new { role = "user", content = text } } });
        return Assert.Single(answer.Ok().Results).GetProperty("id").GetString()!;
    }

    public async Task<Answer> SearchAsync(string user, string query) =>
        (await PostAsync("/v3/memories/search/", new { query, filters = new { user_id = user } })).Ok();

    public async Task<Answer> ListAsync(string user) =>
        (await PostAsync("/v3/memories/", new { filters = new { user_id = user } })).Ok();

    /// <summary>A conversation's turns, by the native path.</summary>
    public async Task<Answer> SayAsync(string user, string conversation, params (string Role, string Content)[] turns) =>
        (await PostAsync(
            "/v1/messages/",
            new { scope = new { user_id = user, run_id = conversation }, messages = turns.Select(turn => new { role = turn.Role, content = turn.Content }) })).Ok();

    private HttpRequestMessage Request(HttpMethod method, string path)
    {
        var request = new HttpRequestMessage(method, path);
        if (key is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Token", key);
        if (header is { } more)
            request.Headers.TryAddWithoutValidation(more.Name, more.Values);
        return request;
    }

    internal static StringContent Json(string json) => new(json, Encoding.UTF8, "application/json");
}
