using System.Collections.Immutable;
using System.Text.Json;

namespace Memory.Core.Ingestion.Exporting;

/// <summary>A JSON schema as a caller sends it: checked for size and depth, and read by what fills it.</summary>
/// <param name="Root">An object's schema.</param>
public sealed record ExportForm(JsonElement Root)
{
    private const int MaxLength = 32 * 1024;
    private const int MaxDepth = 16;

    /// <summary>Most parts once all references are followed: a short text can mean a form without end.</summary>
    private const int MaxParts = 500;

    private const string Definitions = "#/$defs/";
    private const string OldDefinitions = "#/definitions/";

    private static readonly string[] s_choices = ["anyOf", "oneOf", "allOf"];

    /// <exception cref="InvalidInputException">It is no schema of an object, too large or too deep.</exception>
    public static ExportForm Create(JsonElement schema)
    {
        string text = schema.GetRawText();
        if (text.Length > MaxLength)
            throw new InvalidInputException("schema", $"schema has {text.Length} characters; at most {MaxLength} are allowed.");
        if (Depth(schema) > MaxDepth)
            throw new InvalidInputException("schema", $"schema is nested more than {MaxDepth} deep.");
        var form = new ExportForm(schema.Clone());
        if (TypeOf(form.Root) != "object")
            throw new InvalidInputException("schema", "schema must be a JSON schema of an object, with its properties.");
        var parts = 0;
        form.Count(form.Root, [], ref parts);
        return form;
    }

    // By the same steps as whatever fills it.
    private void Count(JsonElement schema, ImmutableHashSet<string> path, ref int parts)
    {
        if (++parts > MaxParts)
            throw new InvalidInputException("schema", $"schema has more than {MaxParts} parts, its references followed.");
        ImmutableHashSet<string>.Builder followed = path.ToBuilder();
        JsonElement meant = Meant(schema, followed);
        path = followed.ToImmutable();
        if (TypeOf(meant) == "array" && meant.TryGetProperty("items", out JsonElement items))
            Count(items, path, ref parts);
        foreach (JsonProperty property in TypeOf(meant) == "object" ? Properties(meant) : [])
            Count(property.Value, path, ref parts);
    }

    /// <summary>What a part means: a reference is followed, and of a choice the first that is not null is taken.</summary>
    internal JsonElement Meant(JsonElement schema) => Meant(schema, null);

    /// <param name="followed">The references on the way here, and those that are followed now; null: they were looked at before.</param>
    private JsonElement Meant(JsonElement schema, ImmutableHashSet<string>.Builder? followed)
    {
        for (var step = 0; step < MaxDepth && schema.ValueKind == JsonValueKind.Object; step++)
        {
            if (schema.TryGetProperty("$ref", out JsonElement reference) && reference.ValueKind == JsonValueKind.String)
            {
                if (followed?.Add(reference.GetString()!) == false)
                    throw new InvalidInputException("schema", $"schema holds itself by {reference.GetString()}: a form must have an end.");
                schema = Find(reference.GetString()!);
            }
            else if (s_choices.Select(name => schema.TryGetProperty(name, out JsonElement all) ? all : default).FirstOrDefault(all => all.ValueKind == JsonValueKind.Array) is { ValueKind: JsonValueKind.Array } choices)
                schema = choices.EnumerateArray().FirstOrDefault(choice => TypeOf(choice) != "null");
            else
                return schema;
        }

        return default;
    }

    /// <returns>object, array, string, number, integer, boolean or null; null: it does not say.</returns>
    internal static string? TypeOf(JsonElement schema)
    {
        if (schema.ValueKind != JsonValueKind.Object)
            return null;
        if (!schema.TryGetProperty("type", out JsonElement type))
            return schema.TryGetProperty("properties", out _) ? "object" : schema.TryGetProperty("items", out _) ? "array" : null;
        return type.ValueKind switch
        {
            JsonValueKind.String => type.GetString(),
            JsonValueKind.Array => type.EnumerateArray().Where(one => one.ValueKind == JsonValueKind.String).Select(one => one.GetString()).FirstOrDefault(one => one != "null"),
            _ => null,
        };
    }

    internal static IEnumerable<JsonProperty> Properties(JsonElement schema) =>
        schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty("properties", out JsonElement properties) && properties.ValueKind == JsonValueKind.Object
            ? properties.EnumerateObject()
            : [];

    private JsonElement Find(string reference)
    {
        string[] path = reference.StartsWith(Definitions, StringComparison.Ordinal) ? ["$defs", reference[Definitions.Length..]]
            : reference.StartsWith(OldDefinitions, StringComparison.Ordinal) ? ["definitions", reference[OldDefinitions.Length..]]
            : [];
        JsonElement at = Root;
        foreach (string name in path)
        {
            if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(name, out at))
                return default;
        }

        return path.Length == 0 ? default : at;
    }

    private static int Depth(JsonElement element) => 1 + element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().Select(one => Depth(one.Value)).DefaultIfEmpty().Max(),
        JsonValueKind.Array => element.EnumerateArray().Select(Depth).DefaultIfEmpty().Max(),
        _ => 0,
    };
}
