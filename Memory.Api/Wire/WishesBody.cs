using System.Text.Json;
using Memory.Core;
using Memory.Core.Episodic;

namespace Memory.Api.Wire;

/// <summary>
/// What a body may wish of distilling, under mem0's names. A text may come as a list of texts; categories come as a list of
/// <c>{name: description}</c>, as one such object, or as names alone.
/// </summary>
internal static class WishesBody
{
    internal static Wishes Read(string? customInstructions, JsonElement? includes, JsonElement? excludes, JsonElement? customCategories) => new Wishes(
        customInstructions, Text("includes", includes), Text("excludes", excludes),
        customCategories is null ? null : [.. Categories(customCategories.Value)]).Checked();

    /// <summary>As <c>custom_categories</c> is answered.</summary>
    internal static IReadOnlyList<Dictionary<string, string>>? Write(IReadOnlyList<Category>? categories) =>
        categories is null ? null : [.. categories.Select(category => new Dictionary<string, string> { [category.Name] = category.Description })];

    private static string? Text(string field, JsonElement? value) => value?.ValueKind switch
    {
        null or JsonValueKind.Null or JsonValueKind.Undefined => null,
        JsonValueKind.String => JsonValues.ReadText(field, value.Value),
        JsonValueKind.Array => string.Join("\n", value.Value.EnumerateArray().Select(part => TextOf(field, part))),
        _ => throw new InvalidInputException(field, $"{field} must be a text or a list of texts."),
    };

    private static IEnumerable<Category> Categories(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.Undefined => [],
        JsonValueKind.Object => Entries(value),
        JsonValueKind.Array => value.EnumerateArray().SelectMany(Entry),
        _ => throw Unreadable(),
    };

    private static IEnumerable<Category> Entry(JsonElement entry) => entry.ValueKind switch
    {
        JsonValueKind.String => [new Category(TextOf("custom_categories", entry), "")],
        JsonValueKind.Object => Entries(entry),
        _ => throw Unreadable(),
    };

    private static IEnumerable<Category> Entries(JsonElement entries) => entries.EnumerateObject().Select(one => new Category(
        JsonValues.ReadText("custom_categories", () => one.Name),
        one.Value.ValueKind == JsonValueKind.Null ? "" : TextOf("custom_categories", one.Value)));

    private static string TextOf(string field, JsonElement value) => value.ValueKind == JsonValueKind.String
        ? JsonValues.ReadText(field, value)
        : throw new InvalidInputException(field, $"{field} must hold texts.");

    private static InvalidInputException Unreadable() =>
        new("custom_categories", "custom_categories must be a list of {name: description}.");
}
