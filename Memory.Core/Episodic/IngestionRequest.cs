using System.Text.Json;

namespace Memory.Core.Episodic;

/// <summary>What a caller asked for besides its messages; kept on the event, and honoured when the messages are distilled.</summary>
/// <param name="ExpiresOn">The last day on which what is distilled is remembered; null: without end.</param>
/// <param name="CustomInstructions">For a model that distils; the builtin rules have no use for them.</param>
public sealed record IngestionRequest(DateOnly? ExpiresOn = null, string? CustomInstructions = null)
{
    /// <summary>Longest accepted instructions, in UTF-16 units.</summary>
    public const int MaxInstructionsLength = 4 * 1024;

    public static IngestionRequest Plain { get; } = new();

    /// <exception cref="InvalidInputException">The instructions are too long or cannot be stored.</exception>
    public IngestionRequest Checked()
    {
        if (CustomInstructions is not null && WellFormedText.Require("custom_instructions", CustomInstructions).Length > MaxInstructionsLength)
            throw new InvalidInputException("custom_instructions", $"custom_instructions has {CustomInstructions.Length} characters; at most {MaxInstructionsLength} are allowed.");
        return this;
    }

    internal string ToJson() => JsonSerializer.Serialize(this, JsonSerializerOptions.Web);

    internal static IngestionRequest FromJson(string json) => JsonSerializer.Deserialize<IngestionRequest>(json, JsonSerializerOptions.Web)!;
}
