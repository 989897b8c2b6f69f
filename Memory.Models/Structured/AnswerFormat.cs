using System.ComponentModel;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;
using Microsoft.Extensions.AI;

namespace Memory.Models.Structured;

/// <summary>
/// The form of a structured answer, taken from a record: its properties in snake case, all of them required, no others
/// allowed, their <see cref="DescriptionAttribute"/>s for the model to read.
/// </summary>
/// <param name="name">What protocols call the schema, or the tool: letters, digits and underscores.</param>
/// <param name="check">What no schema can say: null when the answer keeps the rule, else what is wrong, said to the model.</param>
/// <param name="advice">What a first answer is sent back with although it can be used; the second is taken as it is. Null: nothing.</param>
public sealed class AnswerFormat<T>(string name, string description, Func<T, string?>? check = null, Func<T, string?>? advice = null)
    where T : class
{
    private static readonly JsonSerializerOptions s_strict = Strict();
    private static readonly JsonElement s_schema = Schema();

    public string Name => name;

    internal ChatResponseFormat ResponseFormat { get; } = ChatResponseFormat.ForJsonSchema(s_schema, name, description);

    /// <summary>Reads an answer, also one in a code fence or amid prose.</summary>
    internal T? Parse(string text, out AnswerProblem? problem)
    {
        if (JsonInText.Find(text, out problem) is not { } json)
            return null;
        try
        {
            // The serializer's strictness ends at the elements of lists.
            if (HasNullElement(JsonElement.Parse(json)))
            {
                problem = new AnswerProblem("does not follow its schema", "A list holds null; leave the element out.");
                return null;
            }

            T answer = JsonSerializer.Deserialize<T>(json, s_strict)!;
            problem = check?.Invoke(answer) is { } broken ? new AnswerProblem("breaks a rule", broken) : null;
            return problem is null ? answer : null;
        }
        catch (JsonException cause)
        {
            problem = new AnswerProblem("does not follow its schema", cause.Message);
            return null;
        }
    }

    /// <summary>What could be better about an answer that can be used; null: nothing.</summary>
    internal AnswerProblem? Advice(T answer) => advice?.Invoke(answer) is { } better ? new AnswerProblem("could be better", better) : null;

    private static bool HasNullElement(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Array => json.EnumerateArray().Any(element => element.ValueKind == JsonValueKind.Null || HasNullElement(element)),
        JsonValueKind.Object => json.EnumerateObject().Any(property => HasNullElement(property.Value)),
        _ => false,
    };

    private static JsonSerializerOptions Strict() => new(JsonSerializerOptions.Strict)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
    };

    private static JsonElement Schema()
    {
        JsonNode schema = s_strict.GetJsonSchemaAsNode(typeof(T), new JsonSchemaExporterOptions
        {
            TreatNullObliviousAsNonNullable = true,
            TransformSchemaNode = Describe,
        });
        return JsonSerializer.SerializeToElement(schema);
    }

    private static JsonNode Describe(JsonSchemaExporterContext context, JsonNode node)
    {
        if (context.PropertyInfo is { } property && property.AttributeProvider?.GetCustomAttributes(typeof(JsonConverterAttribute), inherit: false) is [JsonConverterAttribute converter, ..]
            && converter.ConverterType == typeof(OfferedNumber))
            node = OfferedNumber.Schema(isNullable: property.PropertyType == typeof(int?));
        ICustomAttributeProvider? source = context.PropertyInfo?.AssociatedParameter?.AttributeProvider ?? context.PropertyInfo?.AttributeProvider;
        if (node is JsonObject schema && source?.GetCustomAttributes(typeof(DescriptionAttribute), inherit: false) is [DescriptionAttribute said, ..])
            schema["description"] = said.Description;
        return node;
    }
}

/// <param name="Kind">What is wrong, in words that hold nothing of the answer.</param>
/// <param name="Detail">The same for the model to read: it may quote its answer.</param>
internal sealed record AnswerProblem(string Kind, string Detail);
