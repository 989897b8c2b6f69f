using System.Text.Json;

namespace Memory.Core.Ingestion.Exporting;

/// <summary>Whether a filled form is one of its schema.</summary>
internal static class FormCheck
{
    /// <returns>What is wrong, for the model to read; null when nothing is.</returns>
    internal static string? Problem(ExportForm form, string text)
    {
        try
        {
            JsonElement filled = JsonElement.Parse(text);
            return !WellFormedText.Is(text) ? "form holds characters that cannot be stored." : Problem(form, form.Meant(form.Root), filled, "form", isRoot: true);
        }
        catch (JsonException)
        {
            return "form is no JSON.";
        }
    }

    private static string? Problem(ExportForm form, JsonElement schema, JsonElement value, string at, bool isRoot = false)
    {
        if (value.ValueKind == JsonValueKind.Null && !isRoot)
            return null;
        string? type = ExportForm.TypeOf(schema);
        bool fits = type switch
        {
            "object" => value.ValueKind == JsonValueKind.Object,
            "array" => value.ValueKind == JsonValueKind.Array,
            "string" => value.ValueKind == JsonValueKind.String,
            "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
            "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
            "number" => value.ValueKind == JsonValueKind.Number,
            _ => true,
        };
        if (!fits)
            return $"{at} must be of type {type}, or null.";
        return type switch
        {
            "object" => ProblemOfObject(form, schema, value, at),
            "array" when schema.TryGetProperty("items", out JsonElement items) =>
                value.EnumerateArray().Select(element => Problem(form, form.Meant(items), element, $"{at}[]")).FirstOrDefault(problem => problem is not null),
            _ => null,
        };
    }

    private static string? ProblemOfObject(ExportForm form, JsonElement schema, JsonElement value, string at)
    {
        Dictionary<string, JsonElement> known = ExportForm.Properties(schema).ToDictionary(property => property.Name, property => property.Value);
        foreach (JsonProperty property in value.EnumerateObject())
        {
            if (known.Count > 0 && !known.ContainsKey(property.Name))
                return $"{at} has a property that the schema does not: {property.Name}.";
            if (known.TryGetValue(property.Name, out JsonElement its) && Problem(form, form.Meant(its), property.Value, $"{at}.{property.Name}") is { } problem)
                return problem;
        }

        return null;
    }
}
