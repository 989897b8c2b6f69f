using System.Text.Json;

namespace Memory.Testing.Models;

public enum ModelTask
{
    Chat,
    Stream,
    Embed,
}

/// <summary>One request as a scripted endpoint received it, whatever its protocol.</summary>
/// <param name="Number">From 1, in order of arrival.</param>
/// <param name="Model">The id it was sent to.</param>
/// <param name="Schema">Name of the schema that the answer shall follow; null for a plain answer.</param>
/// <param name="System">All system text.</param>
/// <param name="Messages">Oldest first; system left out.</param>
/// <param name="Texts">What is to be embedded.</param>
/// <param name="Dimensions">The length of vectors it asks for.</param>
/// <param name="Body">The JSON it came as.</param>
public sealed record ModelCall(
    int Number, ModelTask Task, string Model, string? Schema, string System, IReadOnlyList<ModelMessage> Messages,
    IReadOnlyList<string> Texts, int? Dimensions, JsonElement Body);

/// <param name="Role">user, assistant or tool.</param>
/// <param name="Text">All its text blocks, joined by line breaks.</param>
public sealed record ModelMessage(string Role, string Text);
