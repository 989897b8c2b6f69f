using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Memory.Browser.Tests;

/// <summary>One answer of the agent on its way to the page, as server-sent events.</summary>
internal sealed class AnswerStream(HttpResponse response, string conversation)
{
    private const string MessageId = "message-1";

    internal Task ContextAsync(object[]? memories = null, string[]? degraded = null) =>
        EventAsync("context", new { conversation_id = conversation, message_id = MessageId, memories = memories ?? [], degraded = degraded ?? [] });

    internal Task TokenAsync(string text) => EventAsync("token", new { text });

    internal Task DoneAsync(string reply, object[]? memories = null, string[]? degraded = null) => EventAsync(
        "done",
        new { conversation_id = conversation, message_id = MessageId, reply, memories = memories ?? [], degraded = degraded ?? [] });

    internal Task ErrorAsync(string detail) => EventAsync("error", new { detail });

    internal static object Memory(string text, double score) => new { id = Guid.NewGuid(), memory = text, score };

    private async Task EventAsync(string name, object data)
    {
        await response.WriteAsync($"event: {name}\ndata: {JsonSerializer.Serialize(data)}\n\n");
        await response.Body.FlushAsync();
    }
}
