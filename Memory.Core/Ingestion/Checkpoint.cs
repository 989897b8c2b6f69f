using System.Text.Json;
using Memory.Core.LongTerm;

namespace Memory.Core.Ingestion;

/// <summary>What a batch was distilled to so far: a crash after a model was paid neither pays again nor decides differently.</summary>
/// <param name="Plan">Null: the facts are not reconciled yet.</param>
public sealed record Checkpoint(long FirstSeq, long LastSeq, IReadOnlyList<Fact> Facts, SavedPlan? Plan)
{
    // Facts go with the newest message they come from: that is the one that brought them about.
    internal Checkpoint Part(long firstSeq, long lastSeq) =>
        new(firstSeq, lastSeq, [.. Facts.Where(fact => fact.SourceSeqs[^1] >= firstSeq && fact.SourceSeqs[^1] <= lastSeq)], null);

    internal byte[] ToPayload() => JsonSerializer.SerializeToUtf8Bytes(new Payload(Facts, Plan));

    internal static Checkpoint Read(long firstSeq, long lastSeq, byte[] payload)
    {
        Payload read = JsonSerializer.Deserialize<Payload>(payload)!;
        return new Checkpoint(firstSeq, lastSeq, read.Facts, read.Plan);
    }

    private sealed record Payload(IReadOnlyList<Fact> Facts, SavedPlan? Plan);
}

/// <param name="Version">The owner's version it was made against; after any write it no longer holds.</param>
/// <param name="Reconciler">What made it.</param>
public sealed record SavedPlan(long Version, Distiller Reconciler, IReadOnlyList<MemoryOperation> Operations);

/// <summary>What distils: its model, or <c>builtin</c>, and the prompt it is asked with.</summary>
/// <param name="PromptHash">SHA-256, lower-case hex; null: rules, which cost nothing and always decide alike.</param>
public sealed record Distiller(string Model, string? PromptHash)
{
    public static Distiller Builtin { get; } = new("builtin", null);
}
