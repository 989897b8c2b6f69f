using Memory.Core.Episodic;

namespace Memory.Core.LongTerm;

/// <summary>Who writes a plan, and with what: kept on every version it makes.</summary>
/// <param name="Actor">For the audit log: <c>worker</c> or <c>key:…</c>.</param>
/// <param name="Model">What distilled the facts: <c>builtin</c>, a model's id, or <c>none</c> for a direct write.</param>
/// <param name="PromptHash">Of the prompt it was distilled with; null without one.</param>
public sealed record Authorship(string Actor, string Model, string? PromptHash);

/// <summary>Actors of the audit log that are no key.</summary>
public static class Authors
{
    public const string Worker = "worker";
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
        _ => new OperationResult("NONE", ((MemoryOperation.None)Operation).Target?.Value, Operation.Fact.Content, null, Operation.Reason),
    };
}
