using System.Text.Json;
using System.Text.Json.Serialization;
using Amazon.Runtime.Documents;

namespace Amazon.BedrockRuntime.Internal;

/// <summary>A document is any JSON value.</summary>
internal sealed class DocumentConverter : JsonConverter<Document>
{
    public override Document Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var json = JsonDocument.ParseValue(ref reader);
        return Convert(json.RootElement);
    }

    public override void Write(Utf8JsonWriter writer, Document value, JsonSerializerOptions options)
    {
        if (value.IsDictionary()) WriteObject(writer, value.AsDictionary(), options);
        else if (value.IsList()) WriteArray(writer, value.AsList(), options);
        else if (value.IsString()) writer.WriteStringValue(value.AsString());
        else if (value.IsBool()) writer.WriteBooleanValue(value.AsBool());
        else if (value.IsInt()) writer.WriteNumberValue(value.AsInt());
        else if (value.IsLong()) writer.WriteNumberValue(value.AsLong());
        else if (value.IsDouble()) writer.WriteNumberValue(value.AsDouble());
        else writer.WriteNullValue();
    }

    private static Document Convert(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => new Document(value.EnumerateObject().ToDictionary(item => item.Name, item => Convert(item.Value))),
        JsonValueKind.Array => new Document(value.EnumerateArray().Select(Convert).ToList()),
        JsonValueKind.String => new Document(value.GetString()),
        JsonValueKind.True or JsonValueKind.False => new Document(value.GetBoolean()),
        JsonValueKind.Number when value.TryGetInt32(out var number) => new Document(number),
        JsonValueKind.Number when value.TryGetInt64(out var number) => new Document(number),
        JsonValueKind.Number => new Document(value.GetDouble()),
        _ => default,
    };

    private void WriteObject(Utf8JsonWriter writer, Dictionary<string, Document> members, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach (var (name, value) in members)
        {
            writer.WritePropertyName(name);
            Write(writer, value, options);
        }

        writer.WriteEndObject();
    }

    private void WriteArray(Utf8JsonWriter writer, List<Document> items, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        foreach (var item in items) Write(writer, item, options);
        writer.WriteEndArray();
    }
}
