using Memory.Core.LongTerm;
using Memory.Core.LongTerm.Filters;
using Memory.Core.ShortTerm;

namespace Memory.Core.Retrieval;

/// <param name="Query">What to look for, in the words of the asker.</param>
/// <param name="Limit">Most items found; what contradicts one of them comes on top.</param>
/// <param name="Threshold">Least score, 0..1; 0: everything that was found; null: <see cref="RetrievalOptions.RelevanceFloor"/>.</param>
/// <param name="Turns">Whether verbatim turns are candidates beside memories.</param>
/// <param name="Budget">How long the caller waits for an answer; null: not said. The question's vector then has to come in two thirds of it.</param>
/// <param name="Conversation">The caller's current conversation: its window comes along, and is not recalled once more.</param>
public sealed record RecallRequest(
    MemoryScope Scope, string Query, int Limit, double? Threshold = null, bool Turns = false, string? Conversation = null, string? Collection = null,
    TimeSpan? Budget = null)
{
    /// <summary>Asks what was remembered at another moment, by words and by meaning; null: now.</summary>
    public MomentInTime? Moment { get; init; }

    /// <summary>From when "last week" is meant; null: from the moment asked about, else from now.</summary>
    public DateTimeOffset? AskedAt { get; init; }

    /// <summary>What memories must fulfil besides; null: nothing.</summary>
    public MemoryFilter? Filter { get; init; }

    /// <summary>Names of what was talked about last: looked into where the question itself names nobody.</summary>
    public IReadOnlyList<string> Focus { get; init; } = [];

    /// <summary>Whether a memory of the owner is within what is asked for.</summary>
    internal bool Covers(MemoryRecord record) => MemoryNarrowing.Matches(record, Scope, Collection, Filter);
}

/// <summary>What was found, best first.</summary>
/// <param name="Window">The current conversation's last turns, oldest first; empty where none was asked for.</param>
/// <param name="Degraded">Stages that could not be asked, or were too late; the rest answered.</param>
public sealed record Recall(IReadOnlyList<RecallItem> Items, IReadOnlyList<Turn> Window, IReadOnlyList<string> Degraded)
{
    /// <summary>Nothing is relevant: an answer, not a failure.</summary>
    public bool Abstained => Items.Count == 0;

    /// <summary>What each stage took and found, in the order they ended.</summary>
    public IReadOnlyList<StageTrace> Stages { get; init; } = [];
}

/// <param name="Milliseconds">From its start to its end.</param>
/// <param name="Candidates">How many it found or handed on.</param>
public sealed record StageTrace(string Stage, double Milliseconds, int Candidates);

/// <summary>A memory or a verbatim turn, and why it is here.</summary>
/// <param name="Score">0..1, higher is better.</param>
/// <param name="Stages">Score of each stage that found it, 0..1.</param>
public sealed record RecallItem(MemoryRecord? Record, RecalledTurn? Turn, double Score, IReadOnlyDictionary<string, double> Stages)
{
    /// <summary>Active memories that contradict it, until somebody settles which is right; each stands near it in the same answer.</summary>
    public IReadOnlyList<MemoryId> ConflictsWith { get; init; } = [];

    /// <summary>What else moved its score, by <see cref="RecallSignal"/>.</summary>
    public IReadOnlyDictionary<string, double> Signals { get; init; } = new Dictionary<string, double>();

    public Guid Id => Record?.Id.Value ?? Turn!.Id;

    public string Content => Record?.Content ?? Turn!.Content;
}

/// <summary>A turn of any of the owner's conversations.</summary>
public sealed record RecalledTurn(Guid Id, long Seq, string? Conversation, string Role, string? Name, string Content, string? Metadata, DateTimeOffset At)
{
    internal TurnPlace Place { get; } = new(Seq, Conversation, Role, Name, Content.AsSpan().TrimEnd(' ').EndsWith('?'));
}

public static class RecallStage
{
    public const string ShortTerm = "short_term";

    /// <summary>Where the owner's memories are asked; its count is 1 where this process has them at hand, 0 where Postgres is asked.</summary>
    public const string Owner = "owner";

    /// <summary>Splitting the question into words.</summary>
    public const string Words = "words";

    /// <summary>Its time is that of the question's vector; vectors and words are then searched in one trip, timed as keyword.</summary>
    public const string Semantic = "semantic";

    public const string Keyword = "keyword";
    public const string Entities = "entities";
    public const string Rank = "rank";

    /// <summary>Found by nothing but what it contradicts.</summary>
    public const string Conflicts = "conflicts";
}

/// <summary>What moves a score besides the stages that found an item.</summary>
public static class RecallSignal
{
    /// <summary>Of a turn: the share of the question's words that it has itself.</summary>
    public const string Keyword = "words";

    /// <summary>Of a turn: the share that the turns around it lend it.</summary>
    public const string Neighbours = "neighbours";

    /// <summary>Factors of a turn: who speaks and whether it asks, and how well its conversation fits.</summary>
    public const string Speaker = "speaker";
    public const string Session = "session";

    /// <summary>Factor: it says when, or is of the time asked for.</summary>
    public const string Time = "time";

    /// <summary>Of a memory: the score of the best turn it was distilled from, where turns were searched.</summary>
    public const string Source = "source";

    /// <summary>Of a memory: it is about somebody else than the question.</summary>
    public const string SomebodyElse = "somebody_else";

    public const string Importance = "importance";
    public const string Recency = "recency";
    public const string Confidence = "confidence";
}
