using System.Buffers.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Memory.Models.Structured;

/// <summary>
/// Reads the number of something that a model was offered, also in quotes, and whatever it names instead (an id, a fraction, a number beyond
/// all) as 0, which nothing has: one proposal is wrong then, not the whole answer. In the schema it is a whole number.
/// </summary>
public sealed class OfferedNumber : JsonConverter<int>
{
    public override int Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.Number or JsonTokenType.String:
                return Utf8Parser.TryParse(reader.ValueSpan, out int number, out int read) && read == reader.ValueSpan.Length ? number : 0;
            default:
                reader.Skip();
                return 0;
        }
    }

    public override void Write(Utf8JsonWriter writer, int value, JsonSerializerOptions options) => writer.WriteNumberValue(value);

    /// <param name="isNullable">Whether there may be none.</param>
    internal static JsonObject Schema(bool isNullable) => new() { ["type"] = isNullable ? new JsonArray("integer", "null") : "integer" };
}
