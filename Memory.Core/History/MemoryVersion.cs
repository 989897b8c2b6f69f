namespace Memory.Core.History;

/// <summary>What was believed of a memory at one time, and why.</summary>
/// <param name="Change">ADD, UPDATE or DELETE.</param>
/// <param name="ValidFrom">When it became true in the world.</param>
/// <param name="ValidTo">When it ceased to be true; null: still.</param>
/// <param name="KnownFrom">When we learned it.</param>
/// <param name="KnownTo">When we learned better; null: we still believe it.</param>
/// <param name="SourceSeqs">The owner's episodes it came from; empty for a direct write.</param>
public sealed record MemoryVersion(
    MemoryId Memory, int Version, string Change, string Kind, string Content, double Confidence, bool Trusted, string Reason,
    DateTimeOffset? ValidFrom, DateTimeOffset? ValidTo, DateTimeOffset KnownFrom, DateTimeOffset? KnownTo,
    string Source, IReadOnlyList<long> SourceSeqs, Guid? Event, string Model)
{
    /// <summary>Of a single-valued fact, what it is about; else null.</summary>
    public string? Attribute { get; init; }

    public double Importance { get; init; }

    /// <summary>Of progress, how far it had come; else null.</summary>
    public string? Stage { get; init; }

    /// <summary>The last day on which it is of use; null: none was said.</summary>
    public DateOnly? ExpiresOn { get; init; }

    /// <summary>When its newest source was said.</summary>
    public DateTimeOffset SaidAt { get; init; }

    /// <summary>The memory that says it now; null: none does, or this version still holds.</summary>
    public MemoryId? SupersededBy { get; init; }

    /// <summary>Who wrote it: an actor of the audit log.</summary>
    public string Actor { get; init; } = "";

    /// <summary>Of the prompt it was distilled with; null without one.</summary>
    public string? PromptHash { get; init; }

    /// <summary>The model that decided what becomes of it, with the hash of its prompt; null: rules, or whoever asked for it.</summary>
    public string? DecidedBy { get; init; }

    /// <summary>Since when it has been true, as far as anybody said.</summary>
    public DateTimeOffset Since => ValidFrom < SaidAt ? ValidFrom.Value : SaidAt;
}

/// <summary>A memory was said once more, or against, or was judged.</summary>
/// <param name="Kind">restated, contradicted or feedback.</param>
/// <param name="Source">user, assistant, tool, document, import or api.</param>
/// <param name="Seqs">The owner's episodes it was said in; empty for a direct write.</param>
/// <param name="Before">How sure the memory was, 0..1.</param>
/// <param name="After">How sure that left it, 0..1.</param>
public sealed record MemoryEvidence(
    string Kind, string Source, IReadOnlyList<long> Seqs, Guid Event, DateTimeOffset SaidAt, DateTimeOffset KnownFrom, double Before, double After);

/// <summary>A text that a memory says or once said.</summary>
/// <param name="Hash">Lower-case hex.</param>
/// <param name="IsCurrent">Whether it says so now.</param>
/// <param name="KnownTo">Until when it was believed, by the database's clock; null: still, or it was closed by this very version.</param>
public sealed record KnownText(MemoryId Memory, string Hash, bool IsCurrent, DateTimeOffset? KnownTo);
