using System.Text.Json;
using Memory.Api.Wire;
using Memory.Core;
using Memory.Core.Episodic;

namespace Memory.Api.Mem0;

/// <summary>What is to be remembered, in any version of the request.</summary>
/// <param name="Messages">A list of messages, one message, or a text that a user said.</param>
/// <param name="Filters">Some clients send ids inside filters, alone or beside others.</param>
/// <param name="DeducedMemories">With <c>infer: false</c>: kept in place of the messages they were deduced from, each by itself.</param>
internal sealed record AddBody(
    JsonElement? Messages, JsonElement? Filters, JsonElement? Metadata, bool? Infer, string? ExpirationDate, JsonElement? Timestamp, string? CustomInstructions,
    string? AgentCustomInstructions, JsonElement? Includes, JsonElement? Excludes, JsonElement? CustomCategories, JsonElement? DeducedMemories,
    JsonElement? OutputFormat, JsonElement? Version) : IdsBody
{
    internal bool IsInferred => Infer ?? true;

    internal bool WantsEnvelope => Says(OutputFormat, "v1.1") || Says(Version, "v2");

    private static bool Says(JsonElement? value, string text) => value is { ValueKind: JsonValueKind.String } said && said.ValueEquals(text);

    /// <summary>The ids that are given, in either place.</summary>
    internal MemoryScope ToScope() =>
        Filters is { ValueKind: JsonValueKind.Object } ? FilterBody.ReadScope(Scope, Filters) : Scope ?? MemoryScope.Create();

    internal List<NewMessage> ToMessages()
    {
        DateTimeOffset? at = JsonValues.ReadTime("timestamp", Timestamp);
        string? metadata = JsonValues.ReadObject("metadata", Metadata);
        List<NewMessage> messages = !IsInferred && Deduced() is { Count: > 0 } deduced ? deduced : MessageContent.ReadAll(Messages);
        return [.. messages.Select(message => message with { At = at, Metadata = metadata })];
    }

    internal IngestionRequest ToRequest() => IngestionRequest.Of(
        WishesBody.Read(Joined(CustomInstructions, AgentCustomInstructions), Includes, Excludes, CustomCategories),
        JsonValues.ReadDate("expiration_date", ExpirationDate));

    private List<NewMessage> Deduced() => DeducedMemories?.ValueKind switch
    {
        null or JsonValueKind.Null or JsonValueKind.Undefined => [],
        JsonValueKind.Array => [.. DeducedMemories.Value.EnumerateArray().Select((text, index) => text.ValueKind == JsonValueKind.String
            ? new NewMessage("user", JsonValues.ReadText($"deduced_memories[{index}]", text))
            : throw new InvalidInputException("deduced_memories", $"deduced_memories[{index}] is no text."))],
        _ => throw new InvalidInputException("deduced_memories", "deduced_memories must be a list of texts."),
    };

    private static string? Joined(string? one, string? other) =>
        string.IsNullOrWhiteSpace(one) ? other : string.IsNullOrWhiteSpace(other) ? one : $"{one}\n\n{other}";
}
