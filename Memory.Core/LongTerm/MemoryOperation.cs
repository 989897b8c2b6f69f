using System.Text.Json.Serialization;

namespace Memory.Core.LongTerm;

/// <summary>
/// One step of a plan: pure data, also as JSON. A model may propose it; only <see cref="MemoryWriter"/> carries it out.
/// </summary>
[JsonDerivedType(typeof(Add), "ADD")]
[JsonDerivedType(typeof(Update), "UPDATE")]
[JsonDerivedType(typeof(Delete), "DELETE")]
[JsonDerivedType(typeof(None), "NONE")]
[JsonDerivedType(typeof(Conflict), "CONFLICT")]
[JsonDerivedType(typeof(Settle), "SETTLE")]
[JsonDerivedType(typeof(Forget), "FORGET")]
[JsonDerivedType(typeof(Judge), "JUDGE")]
public abstract record MemoryOperation
{
    private MemoryOperation(Fact fact, string reason)
    {
        Fact = fact;
        Reason = reason;
    }

    /// <summary>What gave rise to it; for a DELETE, the fact that contradicts.</summary>
    [JsonIgnore]
    public Fact Fact { get; }

    /// <summary>For whoever may read the memory: a model's may repeat what was said.</summary>
    [JsonIgnore]
    public string Reason { get; }

    /// <summary>The reason for the audit log, in words of the product alone.</summary>
    public string OwnReason
    {
        get => field ?? Reason;
        init;
    }

    public sealed record Add(MemoryId Id, Fact NewFact, string Why) : MemoryOperation(NewFact, Why);

    /// <summary>The target keeps its id and gets a new version; the old one stays readable.</summary>
    public sealed record Update(MemoryRecord Target, Fact NewFact, string Why) : MemoryOperation(NewFact, Why);

    /// <summary>The target is closed; its versions stay readable.</summary>
    public sealed record Delete(MemoryRecord Target, Fact Contradiction, string Why) : MemoryOperation(Contradiction, Why)
    {
        /// <summary>The memory that says it now, in its place; null: none does.</summary>
        public MemoryId? SupersededBy { get; init; }
    }

    /// <summary>Nothing new: the target already says it.</summary>
    public sealed record None(MemoryId? Target, Fact Known, string Why) : MemoryOperation(Known, Why)
    {
        /// <summary>The target was said once more, which makes it surer.</summary>
        public bool IsRestated { get; init; }
    }

    /// <summary>Two active memories contradict each other and neither clearly wins: both stay, linked, each less sure.</summary>
    public sealed record Conflict(MemoryId One, MemoryId Other, Fact Saying, string Why) : MemoryOperation(Saying, Why)
    {
        /// <summary>It was settled before, and that is taken back.</summary>
        public bool IsReopened { get; init; }
    }

    /// <summary>Two memories that contradicted each other are both true: both stay, and contradict no longer.</summary>
    public sealed record Settle(MemoryId One, MemoryId Other, Fact Saying, string Why) : MemoryOperation(Saying, Why)
    {
        /// <summary>The event whose word it was that they contradict, where that is taken back; else null.</summary>
        public EventId? Undoes { get; init; }
    }

    /// <summary>What a person wants forgotten goes for good: the memory with its versions, and the words it came from.</summary>
    /// <param name="Target">Null: nothing is remembered of it, but it may have been said.</param>
    public sealed record Forget(MemoryId? Target, Fact Wish, string Why) : MemoryOperation(Wish, Why);

    /// <summary>Somebody judges a memory, which makes it surer or less sure; an earlier judgement of the same one counts no more.</summary>
    /// <param name="Id">Of the judgement.</param>
    /// <param name="Verdict">One of <see cref="History.FeedbackVerdict"/>; null: the earlier one is taken back.</param>
    /// <param name="Note">Why, in that one's words; null: not said.</param>
    public sealed record Judge(MemoryId Target, Guid Id, string? Verdict, string? Note, Fact Saying, string Why) : MemoryOperation(Saying, Why);
}
