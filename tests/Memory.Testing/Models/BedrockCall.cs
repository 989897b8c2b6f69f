using System.Text.Json;

namespace Memory.Testing.Models;

/// <summary>Reads a request to Bedrock's runtime.</summary>
internal static class BedrockCall
{
    public static ModelCall Read(int number, string model, string operation, byte[] json)
    {
        JsonElement body = JsonSerializer.Deserialize<JsonElement>(json);
        return operation switch
        {
            "converse" => Converse(number, ModelTask.Chat, model, body),
            "converse-stream" => Converse(number, ModelTask.Stream, model, body),
            "invoke" => new ModelCall(number, ModelTask.Embed, model, null, "", [], [body.GetProperty("inputText").GetString()!],
                body.TryGetProperty("dimensions", out JsonElement length) ? length.GetInt32() : null, body),
            _ => throw new InvalidOperationException($"Bedrock's runtime has no operation {operation}."),
        };
    }

    private static ModelCall Converse(int number, ModelTask task, string model, JsonElement body)
    {
        string? forced = body.TryGetProperty("toolConfig", out JsonElement tools) && tools.TryGetProperty("toolChoice", out JsonElement choice)
            && choice.TryGetProperty("tool", out JsonElement tool) ? tool.GetProperty("name").GetString() : null;
        string system = body.TryGetProperty("system", out JsonElement blocks) ? Join(blocks) : "";
        return new ModelCall(number, task, model, forced, system, [.. body.GetProperty("messages").EnumerateArray().Select(Message)], [], null, body);
    }

    private static ModelMessage Message(JsonElement message)
    {
        JsonElement content = message.GetProperty("content");
        JsonElement[] results = [.. content.EnumerateArray().Where(block => block.TryGetProperty("toolResult", out _))];
        return results.Length == 0
            ? new ModelMessage(message.GetProperty("role").GetString()!, Join(content))
            : new ModelMessage("tool", string.Join('\n', results.Select(result => Join(result.GetProperty("toolResult").GetProperty("content")))));
    }

    private static string Join(JsonElement blocks) => string.Join('\n', blocks.EnumerateArray()
        .Where(block => block.TryGetProperty("text", out _))
        .Select(block => block.GetProperty("text").GetString()));
}
