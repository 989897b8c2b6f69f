using System.Text.Json;
using System.Text.Json.Serialization;

namespace Memory.Core.Episodic;

/// <summary>What a caller asked for besides its messages; kept on the event, and honoured when the messages are distilled.</summary>
/// <param name="ExpiresOn">The last day on which what is distilled is remembered; null: without end.</param>
/// <param name="CustomInstructions">For a model that distils; the builtin rules have no use for them.</param>
public sealed record IngestionRequest(DateOnly? ExpiresOn = null, string? CustomInstructions = null)
{
    public static IngestionRequest Plain { get; } = new();

    /// <inheritdoc cref="Wishes.Includes"/>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Includes { get; init; }

    /// <inheritdoc cref="Wishes.Excludes"/>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Excludes { get; init; }

    /// <inheritdoc cref="Wishes.Categories"/>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<Category>? Categories { get; init; }

    [JsonIgnore]
    public Wishes Wishes => new(CustomInstructions, Includes, Excludes, Categories);

    public static IngestionRequest Of(Wishes wishes, DateOnly? expiresOn = null) => new(expiresOn, wishes.CustomInstructions)
    {
        Includes = wishes.Includes,
        Excludes = wishes.Excludes,
        Categories = wishes.Categories,
    };

    /// <exception cref="InvalidInputException">A wish is too long or cannot be stored.</exception>
    public IngestionRequest Checked() => Of(Wishes.Checked(), ExpiresOn);

    internal string ToJson() => JsonSerializer.Serialize(this, JsonSerializerOptions.Web);

    internal static IngestionRequest FromJson(string json) => JsonSerializer.Deserialize<IngestionRequest>(json, JsonSerializerOptions.Web)!;
}
