using System.Text;
using System.Text.Json;
using Amazon.Runtime.Documents;

namespace Memory.Models.Bedrock;

/// <summary>JSON as the SDK holds it, and back.</summary>
internal static class JsonDocuments
{
    public static Document From(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => new Document(Members(json)),
        JsonValueKind.Array => new Document(json.EnumerateArray().Select(From).ToList()),
        JsonValueKind.String => new Document(json.GetString()),
        JsonValueKind.True or JsonValueKind.False => new Document(json.GetBoolean()),
        JsonValueKind.Number when json.TryGetInt32(out int number) => new Document(number),
        JsonValueKind.Number when json.TryGetInt64(out long number) => new Document(number),
        JsonValueKind.Number => new Document(json.GetDouble()),
        _ => default,
    };

    /// <exception cref="ModelException.Malformed">It holds a number that is too large for any: the SDK reads 1e999 as infinity.</exception>
    public static string TextOf(Document document)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
            Write(writer, document);
        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    private static Dictionary<string, Document> Members(JsonElement json)
    {
        var members = new Dictionary<string, Document>(StringComparer.Ordinal);
        foreach (JsonProperty member in json.EnumerateObject())
            members[member.Name] = From(member.Value);
        return members;
    }

    private static void Write(Utf8JsonWriter writer, Document document)
    {
        if (document.IsDictionary()) WriteObject(writer, document.AsDictionary());
        else if (document.IsList()) WriteArray(writer, document.AsList());
        else if (document.IsString()) writer.WriteStringValue(document.AsString());
        else if (document.IsBool()) writer.WriteBooleanValue(document.AsBool());
        else if (document.IsInt()) writer.WriteNumberValue(document.AsInt());
        else if (document.IsLong()) writer.WriteNumberValue(document.AsLong());
        else if (document.IsDouble()) WriteNumber(writer, document.AsDouble());
        else writer.WriteNullValue();
    }

    private static void WriteNumber(Utf8JsonWriter writer, double number)
    {
        if (!double.IsFinite(number))
            throw new ModelException.Malformed("The model wrote a number that is too large for any.");
        writer.WriteNumberValue(number);
    }

    private static void WriteObject(Utf8JsonWriter writer, Dictionary<string, Document> members)
    {
        writer.WriteStartObject();
        foreach ((string name, Document value) in members)
        {
            writer.WritePropertyName(name);
            Write(writer, value);
        }

        writer.WriteEndObject();
    }

    private static void WriteArray(Utf8JsonWriter writer, List<Document> items)
    {
        writer.WriteStartArray();
        foreach (Document item in items)
            Write(writer, item);
        writer.WriteEndArray();
    }
}
