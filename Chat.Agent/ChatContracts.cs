using System.Text.Json;
using Memory.Client.Working;

namespace Chat.Agent;

/// <param name="UserId">Who speaks; taken as given in development on loopback only.</param>
/// <param name="ConversationId">Null starts a new conversation.</param>
/// <param name="MessageId">
/// The caller's own name for the message, in its conversation: sent again with it, the message is answered again but stored once.
/// Null: every request is another message.
/// </param>
internal sealed record ChatRequest(string? UserId, string? ConversationId, string? Message, string? MessageId = null);

/// <summary>A request that may be answered.</summary>
internal sealed record Said(string UserId, string? ConversationId, string Text, string? MessageId);

/// <param name="MessageId">Of this answer; every one has another.</param>
/// <param name="Degraded">"recall": answered without memory; "remember": this exchange was not stored.</param>
internal sealed record ChatAnswer(
    string ConversationId, Guid MessageId, string Reply, IReadOnlyList<UsedMemory> Memories, IReadOnlyList<string> Degraded);

internal sealed record UsedMemory(Guid Id, string Memory, double Score);

/// <summary>What a streamed answer begins with.</summary>
/// <param name="InMind">Null: answered without memory.</param>
internal sealed record ChatContext(
    string ConversationId, Guid MessageId, IReadOnlyList<UsedMemory> Memories, IReadOnlyList<string> Degraded, ChatInMind? InMind);

/// <summary>What the agent has in mind as it answers.</summary>
/// <param name="Intent">"statement", "question", "instruction" or "small_talk".</param>
/// <param name="IsAnswer">The message answers what the agent asked.</param>
internal sealed record ChatInMind(string? Goal, string Intent, IReadOnlyList<string> Focus, int Turns, bool IsAnswer)
{
    internal static ChatInMind Of(WorkingState state) => new(
        state.Goal, JsonNamingPolicy.SnakeCaseLower.ConvertName(state.Intent.ToString()), state.Focus, state.Turns, state.IsAnswer);
}

internal sealed record ChatToken(string Text);

internal sealed record ChatError(string Detail);

internal static class Degradation
{
    internal const string Recall = "recall";
    internal const string Remember = "remember";
}
