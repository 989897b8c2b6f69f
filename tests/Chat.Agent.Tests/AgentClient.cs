using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Chat.Agent.Tests;

/// <summary>What the agent answered, read to its end.</summary>
internal sealed record Answer(int Status, string Text, string? ContentType)
{
    internal JsonElement this[string name] => JsonElement.Parse(Text).GetProperty(name);

    internal List<string?> Degraded => [.. this["degraded"].EnumerateArray().Select(what => what.GetString())];

    internal void IsRefusedWith(int status)
    {
        Assert.True(status == Status, $"Expected {status}, got {Status}: {Text}");
        Assert.Equal("application/json", ContentType);
        Assert.False(string.IsNullOrWhiteSpace(this["detail"].GetString()));
    }

    internal Answer Ok()
    {
        Assert.True(Status == 200, $"Expected 200, got {Status}: {Text}");
        return this;
    }
}

/// <summary>Speaks the agent's HTTP.</summary>
internal sealed class AgentClient(HttpClient http)
{
    internal Task<Answer> ChatAsync(string message, string? conversation = null, string user = "ann", string? messageId = null) =>
        PostTextAsync("/api/chat", JsonSerializer.Serialize(new { user_id = user, conversation_id = conversation, message, message_id = messageId }));

    internal async Task<Answer> PostTextAsync(string path, string json, CancellationToken cancellationToken = default)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await http.PostAsync(new Uri(path, UriKind.Relative), content, cancellationToken);
        return await ReadAsync(response);
    }

    internal async Task<Answer> EndAsync(string conversation, string user = "ann")
    {
        using HttpResponseMessage response = await http.DeleteAsync(new Uri($"/api/chat/{conversation}?user_id={user}", UriKind.Relative));
        return (await ReadAsync(response)).Ok();
    }

    internal async Task<Answer> GetAsync(string path)
    {
        using HttpResponseMessage response = await http.GetAsync(new Uri(path, UriKind.Relative));
        return await ReadAsync(response);
    }

    /// <summary>Returns as soon as the answer begins.</summary>
    internal async Task<EventReader> StreamAsync(string message, CancellationToken cancellationToken = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/chat/stream");
        request.Content = JsonContent.Create(new { user_id = "ann", message });
        HttpResponseMessage response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        return new EventReader(response, new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken)));
    }

    private static async Task<Answer> ReadAsync(HttpResponseMessage response) => new(
        (int)response.StatusCode, await response.Content.ReadAsStringAsync(), response.Content.Headers.ContentType?.MediaType);
}

/// <summary>Reads server-sent events one by one, as they come.</summary>
internal sealed class EventReader(HttpResponseMessage response, StreamReader reader) : IDisposable
{
    /// <returns>Null at the end of the stream.</returns>
    internal async Task<(string Name, JsonElement Data)?> NextAsync()
    {
        if (await reader.ReadLineAsync() is not { } first)
            return null;
        string? second = await reader.ReadLineAsync();
        Assert.StartsWith("event: ", first, StringComparison.Ordinal);
        Assert.StartsWith("data: ", second, StringComparison.Ordinal);
        Assert.Equal("", await reader.ReadLineAsync());
        return (first["event: ".Length..], JsonElement.Parse(second!["data: ".Length..]));
    }

    internal async Task<List<(string Name, JsonElement Data)>> RestAsync()
    {
        List<(string, JsonElement)> events = [];
        while (await NextAsync() is { } next)
            events.Add(next);
        return events;
    }

    public void Dispose()
    {
        reader.Dispose();
        response.Dispose();
    }
}
