using Memory.Core.Episodic;

namespace Memory.Core.LongTerm;

/// <summary>Who writes a plan, and with what: kept on every version it makes.</summary>
/// <param name="Actor">For the audit log: <c>worker</c> or <c>key:…</c>.</param>
/// <param name="Model">What distilled the facts: <c>builtin</c>, a model's id, or <c>none</c> for a direct write.</param>
/// <param name="PromptHash">Of the prompt it was distilled with; null without one.</param>
public sealed record Authorship(string Actor, string Model, string? PromptHash)
{
    /// <summary>What decided what becomes of the facts, where that is a model: its id and the hash of its prompt.</summary>
    public string? DecidedBy { get; init; }

    /// <summary>When it was learned; null: now. A rebuild says when it was first.</summary>
    public DateTimeOffset? KnownAt { get; init; }
}

/// <summary>Actors of the audit log that are no key.</summary>
public static class Authors
{
    public const string Worker = "worker";

    /// <summary>Model of what somebody wrote directly.</summary>
    public const string NoModel = "none";
}

/// <summary>An operation ready to be written.</summary>
/// <param name="Event">The event it is reported on.</param>
/// <param name="Vector">Of the new text, unit length; null for DELETE and NONE.</param>
public sealed record PlannedWrite(MemoryOperation Operation, EventId Event, ReadOnlyMemory<float>? Vector)
{
    public OperationResult ToResult() => Operation switch
    {
        MemoryOperation.Add add => new OperationResult("ADD", add.Id.Value, add.Fact.Content, null, add.Reason),
        MemoryOperation.Update update => new OperationResult("UPDATE", update.Target.Id.Value, update.Fact.Content, update.Target.Content, update.Reason),
        MemoryOperation.Delete delete => new OperationResult("DELETE", delete.Target.Id.Value, delete.Target.Content, delete.Target.Content, delete.Reason),
        MemoryOperation.Forget forget => new OperationResult(forget.Target is null ? "NONE" : "DELETE", forget.Target?.Value, Tombstone.Text, null, forget.Reason),
        MemoryOperation.Conflict conflict => new OperationResult("CONFLICT", conflict.Other.Value, conflict.Fact.Content, null, conflict.Reason) { With = conflict.One.Value },
        MemoryOperation.Settle settle => new OperationResult("SETTLE", settle.Other.Value, settle.Fact.Content, null, settle.Reason) { With = settle.One.Value },
        MemoryOperation.Judge judge => new OperationResult("FEEDBACK", judge.Target.Value, "", null, judge.Reason),
        _ => new OperationResult("NONE", ((MemoryOperation.None)Operation).Target?.Value, Operation.Fact.Content, null, Operation.Reason),
    };
}
