using System.Text.Json;

namespace Memory.Models.OpenAi;

/// <summary>
/// Reads answers by what they have: servers that speak OpenAI's protocol leave fields out, add some, and give others a
/// type of their own. The package's own types throw on such answers, and mean to (openai/openai-dotnet 342, 389).
/// </summary>
internal static class OpenAiJson
{
    /// <summary>Null also where it is there and no text.</summary>
    public static string? Text(this JsonElement element, string name) => element.Value(name, JsonValueKind.String)?.GetString();

    public static JsonElement? Object(this JsonElement element, string name) => element.Value(name, JsonValueKind.Object);

    /// <summary>Empty where there is none.</summary>
    public static IEnumerable<JsonElement> Items(this JsonElement element, string name) =>
        element.Value(name, JsonValueKind.Array) is { } items ? items.EnumerateArray() : [];

    public static int? Number(this JsonElement element, string name) =>
        element.Value(name, JsonValueKind.Number) is { } number && number.TryGetInt32(out int value) ? value : null;

    /// <exception cref="ModelException">It is no JSON object: cut off in the middle, or something else altogether.</exception>
    public static JsonElement Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? document.RootElement.Clone()
                : throw new JsonException();
        }
        catch (JsonException) when (IsCut(body.Span))
        {
            throw OpenAiErrors.Cut();
        }
    }

    private static JsonElement? Value(this JsonElement element, string name, JsonValueKind kind) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement value) && value.ValueKind == kind ? value : null;

    // Nothing wrong up to the end, and the end came too early.
    private static bool IsCut(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body, isFinalBlock: false, state: default);
        try
        {
            while (reader.Read())
            {
            }

            return reader.CurrentDepth > 0 || reader.TokenType is JsonTokenType.None or JsonTokenType.StartObject;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
