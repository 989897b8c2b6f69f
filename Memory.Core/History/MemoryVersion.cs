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
    string Source, IReadOnlyList<long> SourceSeqs, Guid? Event, string Model);

/// <summary>A text that a memory says or once said.</summary>
/// <param name="Hash">Lower-case hex.</param>
/// <param name="IsCurrent">Whether it says so now.</param>
/// <param name="KnownTo">Until when it was believed, by the database's clock; null: still, or it was closed by this very version.</param>
public sealed record KnownText(MemoryId Memory, string Hash, bool IsCurrent, DateTimeOffset? KnownTo);
