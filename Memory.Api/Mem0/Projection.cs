using System.Text.Json;
using System.Text.Json.Nodes;
using Memory.Api.Wire;
using Memory.Core;

namespace Memory.Api.Mem0;

/// <summary>Memories with no more than the fields that are asked for. Their id, their text and their score always come along.</summary>
internal static class Projection
{
    private static readonly string[] s_always = ["id", "memory", "score"];

    /// <param name="fields">Null: all. A name that no memory has is passed over.</param>
    internal static IReadOnlyList<object> Of(IReadOnlyList<MemoryBody> memories, IReadOnlyList<string>? fields)
    {
        if (fields is not { Count: > 0 })
            return memories;
        HashSet<string> wanted = [.. s_always, .. fields];
        return [.. memories.Select(memory => new JsonObject(JsonSerializer.SerializeToNode(memory, WireFormat.Options)!.AsObject()
            .Where(field => wanted.Contains(field.Key)).Select(field => KeyValuePair.Create(field.Key, field.Value?.DeepClone()))))];
    }

    /// <returns>Null: none are named.</returns>
    internal static IReadOnlyList<string>? Read(JsonElement? fields) => fields?.ValueKind switch
    {
        null or JsonValueKind.Null or JsonValueKind.Undefined => null,
        JsonValueKind.String => [JsonValues.ReadText("fields", fields.Value)],
        JsonValueKind.Array => [.. fields.Value.EnumerateArray().Select(name => name.ValueKind == JsonValueKind.String
            ? JsonValues.ReadText("fields", name)
            : throw Refused())],
        _ => throw Refused(),
    };

    private static InvalidInputException Refused() => new("fields", "fields must be a list of names.");
}
