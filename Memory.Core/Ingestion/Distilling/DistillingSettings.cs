using System.Text.Json;
using System.Text.Json.Serialization;
using Memory.Core.Episodic;
using Memory.Core.Ingestion.Extraction;

namespace Memory.Core.Ingestion.Distilling;

/// <summary>How a project wants its messages distilled by a model; what a request wants is said besides.</summary>
public sealed record DistillingSettings
{
    /// <summary>Longest accepted prompt, in UTF-16 units.</summary>
    public const int MaxPromptLength = 32 * 1024;

    public static DistillingSettings None { get; } = new();

    /// <summary>The names of the profiles that are shipped.</summary>
    public static IReadOnlyList<string> Profiles => ExtractionPrompt.Profiles;

    public Wishes Wishes { get; init; } = new();

    /// <summary>Rules in place of the shipped ones on what is worth remembering; null: those, or a profile's.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Prompt { get; init; }

    /// <summary>Name of shipped rules for one purpose, such as <c>coaching</c>; null: none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Profile { get; init; }

    /// <exception cref="InvalidInputException">A text is too long or cannot be stored, there is no such profile, or both a prompt and a profile.</exception>
    public DistillingSettings Checked()
    {
        if (Profile is not null && !Profiles.Contains(Profile))
            throw new InvalidInputException("profile", $"profile is none that is known: {string.Join(", ", Profiles)}.");
        string? prompt = Wishes.Text("prompt", Prompt, MaxPromptLength);
        if (prompt is not null && Profile is not null)
            throw new InvalidInputException("profile", "A prompt and a profile are two answers to one question: give one of them.");
        return this with { Wishes = Wishes.Checked(), Prompt = prompt };
    }

    internal string ToJson() => JsonSerializer.Serialize(this, JsonSerializerOptions.Web);

    internal static DistillingSettings FromJson(string json) => JsonSerializer.Deserialize<DistillingSettings>(json, JsonSerializerOptions.Web)!;
}
