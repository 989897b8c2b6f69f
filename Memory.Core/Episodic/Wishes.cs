using System.Text.Json.Serialization;

namespace Memory.Core.Episodic;

/// <summary>
/// What an application wants of distilling, for one request or for a project. For a model: the builtin rules have no use for it.
/// </summary>
/// <param name="CustomInstructions">In plain words; null: none.</param>
/// <param name="Includes">What shall be remembered; null: what is worth remembering.</param>
/// <param name="Excludes">What shall not be; null: nothing.</param>
/// <param name="Categories">What memories are filed under, by name; null: under nothing.</param>
public sealed record Wishes(
    string? CustomInstructions = null, string? Includes = null, string? Excludes = null, IReadOnlyList<Category>? Categories = null)
{
    /// <summary>Longest accepted text of a wish, in UTF-16 units.</summary>
    public const int MaxLength = 16 * 1024;

    public const int MaxCategories = 50;

    [JsonIgnore]
    public bool IsNone => (CustomInstructions ?? Includes ?? Excludes) is null && Categories is null;

    /// <returns>Itself, without what is blank.</returns>
    /// <exception cref="InvalidInputException">A wish is too long, cannot be stored, or has a category twice.</exception>
    public Wishes Checked() => new(
        Text("custom_instructions", CustomInstructions), Text("includes", Includes), Text("excludes", Excludes), CheckedCategories());

    internal static string? Text(string field, string? text, int longest = MaxLength) =>
        string.IsNullOrWhiteSpace(text) ? null
        : WellFormedText.Require(field, text).Length > longest
            ? throw new InvalidInputException(field, $"{field} has {text.Length} characters; at most {longest} are allowed.")
            : text;

    private IReadOnlyList<Category>? CheckedCategories()
    {
        if (Categories is not { Count: > 0 } categories)
            return null;
        if (categories.Count > MaxCategories)
            throw new InvalidInputException("custom_categories", $"custom_categories has {categories.Count} entries; at most {MaxCategories} are allowed.");
        if (categories.DistinctBy(category => category.Name, StringComparer.OrdinalIgnoreCase).Count() < categories.Count)
            throw new InvalidInputException("custom_categories", "custom_categories has a name twice.");
        return [.. categories.Select(category => category.Checked())];
    }
}

/// <param name="Name">What a memory is filed under.</param>
/// <param name="Description">What belongs there; may be empty.</param>
public sealed record Category(string Name, string Description)
{
    private const int LongestName = 100;
    private const int LongestDescription = 500;

    internal Category Checked() => new(
        Wishes.Text("custom_categories", Name, LongestName) ?? throw new InvalidInputException("custom_categories", "custom_categories has a blank name."),
        Wishes.Text("custom_categories", Description, LongestDescription) ?? "");
}
