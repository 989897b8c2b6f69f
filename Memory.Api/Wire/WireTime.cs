using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Memory.Api.Wire;

/// <summary>Points in time with six digits of a second and an offset: older Pythons read no other number of digits, and no Z.</summary>
internal sealed class WireTime : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDateTimeOffset();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options)
    {
        Span<char> text = stackalloc char[40];
        value.TryFormat(text, out int length, "yyyy-MM-ddTHH:mm:ss.ffffffzzz", CultureInfo.InvariantCulture);
        writer.WriteStringValue(text[..length]);
    }
}
