using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Memory.Api.Tests.Mcp;

/// <summary>An MCP host at the level of HTTP: what is sent is what a test writes.</summary>
internal sealed class McpSession(HttpClient http, string? key)
{
    private int _id;

    internal string? Id { get; set; }

    internal string Path { get; init; } = "/mcp";

    internal string Scheme { get; init; } = "Token";

    internal string? Origin { get; init; }

    internal string? User { get; init; }

    /// <summary>Begins a session and says so.</summary>
    internal async Task<JsonElement> BeginAsync()
    {
        McpAnswer answer = await CallAsync("initialize", new { protocolVersion = "2025-06-18", capabilities = new { }, clientInfo = new { name = "test", version = "1" } });
        Assert.Equal(200, answer.Status);
        Assert.Equal(202, (await PostAsync("""{"jsonrpc":"2.0","method":"notifications/initialized"}""")).Status);
        return answer.Message.GetProperty("result");
    }

    internal Task<McpAnswer> CallAsync(string method, object parameters) =>
        PostAsync(JsonSerializer.Serialize(new { jsonrpc = "2.0", id = ++_id, method, @params = parameters }));

    /// <returns>The JSON that the tool answered with.</returns>
    internal async Task<JsonElement> UseAsync(string tool, object arguments)
    {
        (bool isError, JsonElement body) = await TryAsync(tool, arguments);
        Assert.False(isError, body.GetRawText());
        return body;
    }

    internal async Task<(bool IsError, JsonElement Body)> TryAsync(string tool, object arguments)
    {
        McpAnswer answer = await CallAsync("tools/call", new { name = tool, arguments });
        Assert.True(answer.Status == 200, answer.Text);
        JsonElement result = answer.Message.GetProperty("result");
        JsonElement content = Assert.Single(result.GetProperty("content").EnumerateArray().ToArray());
        Assert.Equal("text", content.GetProperty("type").GetString());
        return (result.TryGetProperty("isError", out JsonElement isError) && isError.GetBoolean(), JsonElement.Parse(content.GetProperty("text").GetString()!));
    }

    internal Task<McpAnswer> PostAsync(string message) => SendAsync(HttpMethod.Post, new StringContent(message, Encoding.UTF8, "application/json"));

    internal async Task<McpAnswer> SendAsync(HttpMethod method, HttpContent? content)
    {
        using var request = new HttpRequestMessage(method, Path) { Content = content };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        foreach ((string name, string? value) in new[] { (Scheme == "X-API-Key" ? Scheme : "Authorization", key is null ? null : Scheme == "X-API-Key" ? key : $"{Scheme} {key}"), ("Mcp-Session-Id", Id), ("Origin", Origin), ("Mem0-User-ID", User) })
        {
            if (value is not null)
                request.Headers.TryAddWithoutValidation(name, value);
        }

        using HttpResponseMessage response = await http.SendAsync(request);
        if (response.Headers.TryGetValues("Mcp-Session-Id", out IEnumerable<string>? session))
            Id = session.Single();
        return new McpAnswer((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}

internal sealed record McpAnswer(int Status, string Text)
{
    /// <summary>The one message of the answer, a stream's or a body's.</summary>
    internal JsonElement Message => JsonElement.Parse(Text.StartsWith('{') ? Text : Assert.Single(Text.Split('\n'), line => line.StartsWith("data:", StringComparison.Ordinal))["data:".Length..]);
}
