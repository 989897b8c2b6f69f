using System.Text.Json;
using Memory.Api.Wire;
using Memory.Core;
using Memory.Core.Episodic;

namespace Memory.Api.Mem0;

/// <summary>A message as clients send it: its content is a text, a part such as an image, or a list of parts.</summary>
internal static class MessageContent
{
    private static readonly string[] s_roles = ["user", "assistant", "system", "tool"];

    /// <summary>All that is to be remembered: a list of messages, one message alone, or a text that a user said.</summary>
    /// <exception cref="InvalidInputException">Nothing is left of it.</exception>
    internal static List<NewMessage> ReadAll(JsonElement? messages)
    {
        List<NewMessage> read = messages switch
        {
            { ValueKind: JsonValueKind.Array } list => [.. list.EnumerateArray().Select(Read).OfType<NewMessage>()],
            { ValueKind: JsonValueKind.Object } one => [.. new[] { Read(one, 0) }.OfType<NewMessage>()],
            { ValueKind: JsonValueKind.String } text => [new NewMessage("user", JsonValues.ReadText("messages", text))],
            _ => throw new InvalidInputException("messages", "messages is missing: give a list of {role, content}."),
        };
        return read.Count > 0 ? read : throw new InvalidInputException("messages", "messages holds no message with a role and a text.");
    }

    /// <returns>Null for an entry that clients send and that says nothing: null, of a role nobody knows, or without a text (a call of a tool).</returns>
    internal static NewMessage? Read(JsonElement message, int index)
    {
        if (message.ValueKind == JsonValueKind.Null)
            return null;
        if (message.ValueKind != JsonValueKind.Object)
            throw new InvalidInputException($"messages[{index}]", $"messages[{index}] must be an object with role and content.");
        string? role = Text(message, "role", index);
        if (role is null || !s_roles.Contains(role))
            return null;
        string content = message.TryGetProperty("content", out JsonElement value) ? ReadContent(value, index) : "";
        return string.IsNullOrWhiteSpace(content) ? null : new NewMessage(role, content, Text(message, "name", index));
    }

    private static string ReadContent(JsonElement content, int index) => content.ValueKind switch
    {
        JsonValueKind.String => JsonValues.ReadText($"messages[{index}].content", content),
        JsonValueKind.Array => string.Join("\n", content.EnumerateArray().Select(part => ReadContent(part, index)).Where(text => text.Length > 0)),
        JsonValueKind.Object => Text(content, "text", index) ?? $"[{Text(content, "type", index) ?? "attachment"}]",
        JsonValueKind.Null => "",
        _ => throw new InvalidInputException($"messages[{index}].content", $"messages[{index}].content must be a text, a part or a list of parts."),
    };

    private static string? Text(JsonElement owner, string name, int index) =>
        owner.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String
            ? JsonValues.ReadText($"messages[{index}].{name}", value)
            : null;
}
