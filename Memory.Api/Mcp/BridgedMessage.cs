using System.Text.Json;
using System.Text.Json.Nodes;

namespace Memory.Api.Mcp;

/// <summary>What has to be known of a message to pass it on.</summary>
/// <param name="Version">Of an answer to initialize: the revision that is spoken from then on.</param>
internal sealed record BridgedMessage(string? Method, JsonNode? Id, string? Version)
{
    internal static BridgedMessage Of(string line) => Parse(line) is { } message
        ? new(Text(message["method"]), message.ContainsKey("method") ? message["id"]?.DeepClone() : null, Text((message["result"] as JsonObject)?["protocolVersion"]))
        : new(null, null, null);

    internal static JsonObject? Parse(string text)
    {
        try
        {
            return JsonNode.Parse(text) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : null;
}
