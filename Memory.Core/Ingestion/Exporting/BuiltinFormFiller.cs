using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Memory.Core.LongTerm;

namespace Memory.Core.Ingestion.Exporting;

/// <summary>
/// Fills a form by rules: a property is filled by the memories that fit its name (see <see cref="FittingMemories"/>), in the way its
/// type asks for. A list holds all that fit; of all else the best is taken, and what nothing fits is null.
/// </summary>
public sealed partial class BuiltinFormFiller : IFormFiller
{
    private const int MostDeep = 8;

    /// <summary>How often a memory may be held against a property: some seconds of one core.</summary>
    private const long MostLooks = 2_000_000;

    /// <summary>Most text that is put in, in UTF-16 units.</summary>
    private const long MostText = 16 * 1024 * 1024;

    private static readonly string[] s_denials = [" not ", "n't ", " never ", " no longer ", " no "];

    [GeneratedRegex(@"-?\d+(?:[.,]\d+)?")]
    private static partial Regex Number { get; }

    /// <exception cref="InvalidInputException">So many memories would go into so large a form that no answer holds it.</exception>
    public Task<JsonObject> FillAsync(ExportForm form, IReadOnlyList<MemoryRecord> memories, string? instructions, CancellationToken cancellationToken) =>
        Task.FromResult(new Filling(form, cancellationToken).Fill(memories));

    /// <summary>One form on its way.</summary>
    private sealed class Filling(ExportForm form, CancellationToken cancellationToken)
    {
        private readonly FittingMemories _fitting = new();
        private long _looks;
        private long _text;

        internal JsonObject Fill(IReadOnlyList<MemoryRecord> memories)
        {
            List<StemmedMemory> stemmed = [];
            foreach (MemoryRecord memory in memories)
            {
                cancellationToken.ThrowIfCancellationRequested();
                stemmed.Add(new StemmedMemory(memory));
            }

            return FillObject(form.Meant(form.Root), stemmed, 0);
        }

        private JsonObject FillObject(JsonElement schema, IReadOnlyList<StemmedMemory> memories, int depth)
        {
            var filled = new JsonObject();
            foreach (JsonProperty property in ExportForm.Properties(schema))
                filled[property.Name] = FillOne(property.Name, form.Meant(property.Value), memories, depth + 1);
            return filled;
        }

        private JsonNode? FillOne(string name, JsonElement schema, IReadOnlyList<StemmedMemory> memories, int depth)
        {
            if (depth > MostDeep)
                return null;
            cancellationToken.ThrowIfCancellationRequested();
            Spend(ref _looks, memories.Count, MostLooks);
            IReadOnlyList<StemmedMemory> fitting = _fitting.Of(name, memories);
            return ExportForm.TypeOf(schema) switch
            {
                // What is said of the whole may be told of its parts alone.
                "object" => FillObject(schema, fitting.Count > 0 ? fitting : memories, depth),
                "array" => new JsonArray([.. fitting.Select(memory => Element(schema, memory, depth)).Where(value => value is not null)]),
                var type => fitting.Count == 0 ? null : fitting.Select(memory => Value(type, schema, memory.Content)).FirstOrDefault(value => value is not null),
            };
        }

        private JsonNode? Element(JsonElement list, StemmedMemory memory, int depth)
        {
            JsonElement schema = list.TryGetProperty("items", out JsonElement items) ? form.Meant(items) : default;
            if (ExportForm.TypeOf(schema) is not "object")
                return Value(ExportForm.TypeOf(schema), schema, memory.Content);
            JsonObject filled = FillObject(schema, [memory], depth + 1);
            // Of one memory alone, the first text nothing fits is what it says.
            string? open = filled.Any(one => one.Value is JsonValue value && value.TryGetValue(out string? text) && text == memory.Content) ? null
                : ExportForm.Properties(schema).Where(one => ExportForm.TypeOf(form.Meant(one.Value)) == "string" && filled[one.Name] is null).Select(one => one.Name).FirstOrDefault();
            if (open is not null)
                filled[open] = Put(memory.Content);
            return filled;
        }

        private JsonNode? Value(string? type, JsonElement schema, string content) => type switch
        {
            "string" or null => Text(schema, content) is { } text ? Put(text) : null,
            "boolean" => !s_denials.Any(denial => $" {content} ".Contains(denial, StringComparison.OrdinalIgnoreCase)),
            "integer" => Numbers(content).Where(double.IsInteger).Select(number => (JsonNode)(long)number).FirstOrDefault(),
            "number" => Numbers(content).Select(number => (JsonNode)number).FirstOrDefault(),
            _ => null,
        };

        private string Put(string text)
        {
            Spend(ref _text, text.Length, MostText);
            return text;
        }

        private static void Spend(ref long spent, long more, long most)
        {
            spent += more;
            if (spent > most)
                throw new InvalidInputException("schema", "schema asks for more than one export holds of so many memories: narrow the filters, or ask for less.");
        }
    }

    private static string? Text(JsonElement schema, string content) =>
        schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty("enum", out JsonElement values) && values.ValueKind == JsonValueKind.Array
            ? values.EnumerateArray().Where(value => value.ValueKind == JsonValueKind.String && content.Contains(value.GetString()!, StringComparison.OrdinalIgnoreCase))
                .Select(value => value.GetString()).FirstOrDefault()
            : content;

    private static IEnumerable<double> Numbers(string content) => Number.Matches(content)
        .Select(found => double.Parse(found.Value.Replace(',', '.'), CultureInfo.InvariantCulture))
        .Where(number => Math.Abs(number) < 1e15);
}
