using System.Text.Json;

namespace Memory.Testing.Models;

/// <summary>Reads requests of OpenAI's protocol.</summary>
internal static class OpenAiCalls
{
    private static readonly string[] s_schemas = ["response_format", "tools"];

    public static ModelCall Read(int number, JsonElement body, bool embed)
    {
        string model = body.GetProperty("model").GetString()!;
        if (embed)
        {
            JsonElement input = body.GetProperty("input");
            string[] texts = input.ValueKind == JsonValueKind.String ? [input.GetString()!] : [.. input.EnumerateArray().Select(text => text.GetString()!)];
            int? dimensions = body.TryGetProperty("dimensions", out JsonElement asked) ? asked.GetInt32() : null;
            return new ModelCall(number, ModelTask.Embed, model, null, "", [], texts, dimensions, body);
        }

        ModelTask task = body.TryGetProperty("stream", out JsonElement stream) && stream.GetBoolean() ? ModelTask.Stream : ModelTask.Chat;
        (string Role, string Text)[] messages = [.. body.GetProperty("messages").EnumerateArray().Select(Message)];
        string system = string.Join('\n', messages.Where(IsSystem).Select(message => message.Text));
        return new ModelCall(number, task, model, SchemaOf(body), system,
            [.. messages.Where(message => !IsSystem(message)).Select(message => new ModelMessage(message.Role, message.Text))], [], null, body);
    }

    /// <summary>Name of the function that must be called; null where the model may choose.</summary>
    public static string? ForcedTool(JsonElement body)
    {
        if (!body.TryGetProperty("tool_choice", out JsonElement choice))
            return null;
        if (choice.ValueKind == JsonValueKind.Object)
            return choice.GetProperty("function").GetProperty("name").GetString();
        JsonElement tools = body.GetProperty("tools");
        return choice.GetString() == "required" && tools.GetArrayLength() == 1 ? tools[0].GetProperty("function").GetProperty("name").GetString() : null;
    }

    /// <summary>What is billed as input: the schemas of the answer and of tools, which stand first, and the messages.</summary>
    public static IEnumerable<string> Texts(JsonElement body) =>
    [
        .. s_schemas.Where(name => body.TryGetProperty(name, out _)).Select(name => body.GetProperty(name).GetRawText()),
        .. body.GetProperty("messages").EnumerateArray().Select(message => Message(message).Text),
    ];

    /// <summary>The input up to the end of each part, as one text.</summary>
    public static IReadOnlyList<string> Fronts(JsonElement body)
    {
        string[] texts = [.. Texts(body)];
        return [.. Enumerable.Range(1, texts.Length).Select(count => string.Join('\n', texts.Take(count)))];
    }

    private static string? SchemaOf(JsonElement body) =>
        body.TryGetProperty("response_format", out JsonElement format) && format.TryGetProperty("json_schema", out JsonElement schema)
            ? schema.GetProperty("name").GetString()
            : ForcedTool(body);

    private static (string Role, string Text) Message(JsonElement message)
    {
        string text = !message.TryGetProperty("content", out JsonElement content) ? ""
            : content.ValueKind == JsonValueKind.String ? content.GetString()!
            : content.ValueKind != JsonValueKind.Array ? ""
            : string.Join('\n', content.EnumerateArray().Select(part => part.TryGetProperty("text", out JsonElement words) ? words.GetString() : ""));
        return (message.GetProperty("role").GetString()!, text);
    }

    private static bool IsSystem((string Role, string Text) message) => message.Role is "system" or "developer";
}
