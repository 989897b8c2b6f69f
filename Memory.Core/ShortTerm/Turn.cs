namespace Memory.Core.ShortTerm;

/// <summary>One message of a conversation, as the window shows it.</summary>
/// <param name="Seq">Its place in the owner's history.</param>
/// <param name="Previous">
/// Seq of the conversation's turn before it, 0 at its start: a window whose turns do not link up has lost one.
/// </param>
/// <param name="Role">user, assistant, system or tool.</param>
/// <param name="Name">Who spoke, where the caller said so.</param>
public sealed record Turn(Guid Id, long Seq, long Previous, string Role, string? Name, string Content, DateTimeOffset At);
