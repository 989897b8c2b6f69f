namespace Memory.Client;

/// <summary>Whose memory: at least one id; ids given together narrow (AND).</summary>
public sealed record Scope(string? UserId = null, string? AgentId = null, string? AppId = null, string? RunId = null);

/// <param name="Role">user, assistant, system or tool.</param>
/// <param name="At">When it was said; null: now.</param>
public sealed record Message(string Role, string Content, string? Name = null, DateTimeOffset? At = null);

/// <param name="Status">PENDING: stored for good, not yet distilled.</param>
public sealed record Appended(Guid EventId, string Status, IReadOnlyList<AppendedMessage> Messages);

public sealed record AppendedMessage(Guid Id, long Seq);

/// <param name="ConversationId">The current conversation: its window comes along and is not recalled once more.</param>
/// <param name="Include">
/// "turns": verbatim turns beside memories. Naming any of "profile", "instructions", "goal", "open_loops" and "memories" asks for
/// those alone.
/// </param>
/// <param name="TokenBudget">Upper bound of the block; null: the server's default.</param>
/// <param name="BudgetMs">How long the caller waits, in milliseconds; null: <see cref="MemoryClientOptions.RecallMilliseconds"/>.</param>
public sealed record ContextRequest(
    Scope Scope, string Query, string? ConversationId = null, IReadOnlyList<string>? Include = null, int? TokenBudget = null,
    int? BudgetMs = null)
{
    /// <summary>Up to 20 names that the conversation is about just now: what is tied to them is found though the question does not name them.</summary>
    public IReadOnlyList<string>? Focus { get; init; }

    /// <summary>What was true then; null: now. Turns cannot be included beside it.</summary>
    public DateTimeOffset? AsOf { get; init; }

    /// <summary>What was known then; null: what is known now.</summary>
    public DateTimeOffset? KnownAt { get; init; }
}

/// <param name="Block">Quoted data to append last in the prompt, in the user's role; empty when there is nothing to say.</param>
/// <param name="Window">The current conversation's last turns, oldest first.</param>
/// <param name="Degraded">Stages that could not be asked.</param>
public sealed record MemoryContext(
    string Block, int Tokens, IReadOnlyList<RecalledItem> Memories, IReadOnlyList<WindowTurn> Window, IReadOnlyList<string> Degraded)
{
    /// <summary>The question found nothing that is relevant; what stands in the block is there whatever is asked.</summary>
    public bool Abstained { get; init; }
}

/// <param name="Kind">The memory's kind, or "turn" for a verbatim turn.</param>
/// <param name="Score">0..1, higher is better.</param>
public sealed record RecalledItem(Guid Id, string Memory, string Kind, double Score, DateTimeOffset At, bool Trusted)
{
    /// <summary>Memories that contradict it; null: none does.</summary>
    public IReadOnlyList<Guid>? ConflictsWith { get; init; }
}

public sealed record WindowTurn(Guid Id, string Role, string? Name, string Content, DateTimeOffset At);
