using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Memory.Models.OpenAi;

/// <param name="Arguments">As the model wrote them: JSON, if it kept to what was asked.</param>
internal sealed record OpenAiToolCall(string? Id, string Name, string Arguments)
{
    public static OpenAiToolCall Read(JsonElement call)
    {
        JsonElement function = call.Object("function") ?? default;
        return new OpenAiToolCall(call.Text("id"), function.Text("name") ?? "", ArgumentsOf(function));
    }

    /// <summary>Text by the protocol; some servers send the object itself.</summary>
    public static string ArgumentsOf(JsonElement function) =>
        function.Text("arguments") ?? function.Object("arguments")?.GetRawText() ?? "";

    /// <exception cref="ModelException.Malformed">It names no tool, or its arguments are no JSON object.</exception>
    public FunctionCallContent Content()
    {
        if (Name.Length == 0)
            throw new ModelException.Malformed("The model called a tool without naming it.");
        // The protocol pairs results with calls by id, so a call without one is given one.
        string id = Id is { Length: > 0 } ? Id : $"call_{Guid.CreateVersion7():N}";
        try
        {
            Dictionary<string, object?>? arguments = string.IsNullOrWhiteSpace(Arguments)
                ? []
                : JsonSerializer.Deserialize<Dictionary<string, object?>>(Arguments, AIJsonUtilities.DefaultOptions);
            return new FunctionCallContent(id, Name, arguments);
        }
        catch (JsonException)
        {
            throw new ModelException.Malformed("The model called a tool with arguments that are no JSON object.");
        }
    }
}
