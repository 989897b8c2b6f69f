using System.Text.Json;
using Memory.Models;
using Memory.Models.OpenAi;
using Memory.Testing.Models;
using Microsoft.Extensions.AI;

namespace Memory.Core.Tests.Models;

/// <summary>The clients under test before a scripted endpoint.</summary>
internal static class OpenAiRig
{
    public const string ChatModel = "gpt-4.1-mini";
    public const string EmbedModel = "text-embedding-3-small";

    /// <summary>Text that an endpoint says and nobody may repeat.</summary>
    public const string Canary = "canary-71c0";

    public static readonly JsonElement Schema = JsonElement.Parse("""{"type":"object","properties":{"facts":{"type":"array","items":{"type":"string"}}},"required":["facts"],"additionalProperties":false}""");

    public static ChatOptions Structured { get; } = new() { ResponseFormat = ChatResponseFormat.ForJsonSchema(Schema, "facts of a message", "What was said.") };

    public static OpenAiChatClient Chat(Uri baseUrl, StructuredBy by = StructuredBy.Schema, RoleOptions? limits = null, string? key = ScriptedOpenAi.ApiKey) =>
        new(new OpenAiChatModel(ChatModel, Endpoint(baseUrl, key), limits ?? new RoleOptions(), by));

    public static OpenAiEmbeddings Embeddings(Uri baseUrl, int dimensions = 3, string? key = ScriptedOpenAi.ApiKey) =>
        new(Endpoint(baseUrl, key), new EmbeddingModel(EmbedModel, dimensions));

    public static async Task<List<ChatResponseUpdate>> StreamAsync(IChatClient chat, ChatOptions? options = null)
    {
        List<ChatResponseUpdate> updates = [];
        await foreach (ChatResponseUpdate update in chat.GetStreamingResponseAsync("Hello there", options))
            updates.Add(update);
        return updates;
    }

    private static OpenAiEndpoint Endpoint(Uri baseUrl, string? key) =>
        OpenAiEndpoint.Of(ModelRole.Chat, new RoleOptions(), new OpenAiOptions { BaseUrl = baseUrl, ApiKey = key });
}
