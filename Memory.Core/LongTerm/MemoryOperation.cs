using System.Text.Json.Serialization;

namespace Memory.Core.LongTerm;

/// <summary>
/// One step of a plan: pure data, also as JSON. A model may propose it; only <see cref="MemoryWriter"/> carries it out.
/// </summary>
[JsonDerivedType(typeof(Add), "ADD")]
[JsonDerivedType(typeof(Update), "UPDATE")]
[JsonDerivedType(typeof(Delete), "DELETE")]
[JsonDerivedType(typeof(None), "NONE")]
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
    public sealed record Delete(MemoryRecord Target, Fact Contradiction, string Why) : MemoryOperation(Contradiction, Why);

    /// <summary>Nothing new: the target already says it.</summary>
    public sealed record None(MemoryId? Target, Fact Known, string Why) : MemoryOperation(Known, Why);
}
