namespace Memory.Client;

/// <param name="Versions">Oldest first.</param>
/// <param name="Evidence">When it was said once more, or against.</param>
public sealed record MemoryProvenance(Guid MemoryId, IReadOnlyList<ProvenVersion> Versions, IReadOnlyList<ProvenEvidence> Evidence);

/// <param name="Change">ADD, UPDATE or DELETE.</param>
/// <param name="ValidFrom">When it became true, with <paramref name="ValidTo"/>.</param>
/// <param name="KnownFrom">When it was learned, with <paramref name="KnownTo"/>; that is null while it is believed.</param>
/// <param name="Confidence">0..1, higher is surer.</param>
public sealed record ProvenVersion(
    int Version, string Change, string Memory, string Kind, double Confidence, bool Trusted, string Reason,
    DateTimeOffset? ValidFrom, DateTimeOffset? ValidTo, DateTimeOffset KnownFrom, DateTimeOffset? KnownTo, Guid? SupersededBy,
    string Source, string Model, string? PromptHash, string? DecidedBy, string Actor, Guid? EventId, IReadOnlyList<ProvenMessage> Messages);

/// <param name="Kind">restated or contradicted.</param>
public sealed record ProvenEvidence(
    string Kind, string Source, DateTimeOffset SaidAt, double ConfidenceBefore, double ConfidenceAfter, Guid EventId, IReadOnlyList<ProvenMessage> Messages);

/// <summary>A message as it was said.</summary>
/// <param name="Redacted">Words of it were forgotten at a person's wish.</param>
public sealed record ProvenMessage(
    Guid Id, long Seq, string? ConversationId, string Role, string? Name, string Content, DateTimeOffset At, bool Redacted = false);

public sealed record StoredMemory(Guid Id, string Memory, string Kind, double Confidence, bool Trusted, DateTimeOffset UpdatedAt);

/// <param name="EventId">Of this write; it can itself be undone.</param>
public sealed record WriteOutcome(Guid EventId, string Status, IReadOnlyList<WriteResult> Results);

/// <param name="Operation">ADD, UPDATE, DELETE, CONFLICT, SETTLE or NONE.</param>
public sealed record WriteResult(string Operation, Guid? Id, string Memory, string? Previous, string Reason);

/// <param name="A">The older memory.</param>
public sealed record OpenConflict(Guid Id, DateTimeOffset OpenedAt, ConflictSide A, ConflictSide B);

/// <param name="Confidence">0..1, higher is surer.</param>
public sealed record ConflictSide(Guid Id, string Memory, double Confidence, bool Trusted, string Source, DateTimeOffset SaidAt, DateTimeOffset? ValidFrom);

public sealed record SettledConflict(Guid Id, string Resolution, DateTimeOffset ResolvedAt, Guid EventId);
