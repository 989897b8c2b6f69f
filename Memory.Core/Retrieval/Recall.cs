using Memory.Core.LongTerm;
using Memory.Core.ShortTerm;

namespace Memory.Core.Retrieval;

/// <param name="Query">What to look for, in the words of the asker.</param>
/// <param name="Limit">Most items found; what contradicts one of them comes on top.</param>
/// <param name="Threshold">Least score, 0..1; 0: everything that was found.</param>
/// <param name="Turns">Whether verbatim turns are candidates beside memories.</param>
/// <param name="Budget">How long the caller waits for an answer; null: not said. The question's vector then has to come in two thirds of it.</param>
/// <param name="Conversation">The caller's current conversation: its window comes along, and is not recalled once more.</param>
public sealed record RecallRequest(
    MemoryScope Scope, string Query, int Limit, double Threshold = 0, bool Turns = false, string? Conversation = null, string? Collection = null,
    TimeSpan? Budget = null)
{
    /// <summary>Asks what was remembered at another moment, by words and by meaning; null: now.</summary>
    public MomentInTime? Moment { get; init; }
}

/// <summary>What was found, best first.</summary>
/// <param name="Window">The current conversation's last turns, oldest first; empty where none was asked for.</param>
/// <param name="Degraded">Stages that could not be asked; the rest answered.</param>
public sealed record Recall(IReadOnlyList<RecallItem> Items, IReadOnlyList<Turn> Window, IReadOnlyList<string> Degraded);

/// <summary>A memory or a verbatim turn, and why it is here.</summary>
/// <param name="Score">0..1, higher is better.</param>
/// <param name="Stages">Score of each stage that found it, 0..1.</param>
public sealed record RecallItem(MemoryRecord? Record, RecalledTurn? Turn, double Score, IReadOnlyDictionary<string, double> Stages)
{
    /// <summary>Active memories that contradict it, until somebody settles which is right; each stands near it in the same answer.</summary>
    public IReadOnlyList<MemoryId> ConflictsWith { get; init; } = [];

    public Guid Id => Record?.Id.Value ?? Turn!.Id;

    public string Content => Record?.Content ?? Turn!.Content;
}

/// <summary>A turn of any of the owner's conversations.</summary>
public sealed record RecalledTurn(Guid Id, long Seq, string? Conversation, string Role, string? Name, string Content, string? Metadata, DateTimeOffset At);

public static class RecallStage
{
    public const string ShortTerm = "short_term";
    public const string Semantic = "semantic";
    public const string Keyword = "keyword";
    public const string Entities = "entities";

    /// <summary>Found by nothing but what it contradicts.</summary>
    public const string Conflicts = "conflicts";
}
