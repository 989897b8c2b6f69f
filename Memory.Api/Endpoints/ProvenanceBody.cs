using Memory.Core;
using Memory.Core.History;

namespace Memory.Api.Endpoints;

/// <summary>GET /v1/memories/{id}/provenance/: everything ever believed of a memory, on both clocks, and the words each came from.</summary>
internal sealed record ProvenanceBody(Guid MemoryId, IReadOnlyList<ProvenVersion> Versions, IReadOnlyList<ProvenEvidence> Evidence)
{
    internal static ProvenanceBody Of(MemoryId memory, MemoryOrigin origin) => new(
        memory.Value,
        [.. origin.Versions.Select(version => ProvenVersion.Of(version, origin))],
        [.. origin.Evidence.Select(one => ProvenEvidence.Of(one, origin))]);
}

/// <param name="Change">ADD, UPDATE or DELETE.</param>
/// <param name="ValidFrom">When it became true, with <paramref name="ValidTo"/>: the clock of the world.</param>
/// <param name="KnownFrom">When we learned it, with <paramref name="KnownTo"/>: our own clock.</param>
/// <param name="SupersededBy">The memory that says it now: this one after an update.</param>
/// <param name="Source">user, assistant, tool, document, import or api.</param>
/// <param name="DecidedBy">The model that decided what becomes of it, where that was one.</param>
internal sealed record ProvenVersion(
    int Version, string Change, string Memory, string Kind, string? Attribute, string? Stage, double Confidence, bool Trusted, string Reason,
    DateTimeOffset? ValidFrom, DateTimeOffset? ValidTo, DateTimeOffset KnownFrom, DateTimeOffset? KnownTo, DateTimeOffset SaidAt, DateOnly? ExpirationDate,
    Guid? SupersededBy, string Source, string Model, string? PromptHash, string? DecidedBy, string Actor, Guid? EventId, IReadOnlyList<ProvenMessage> Messages)
{
    internal static ProvenVersion Of(MemoryVersion version, MemoryOrigin origin) => new(
        version.Version, version.Change, version.Content, version.Kind, version.Attribute, version.Stage,
        Math.Round(version.Confidence, 4), version.Trusted, version.Reason,
        version.ValidFrom, version.ValidTo, version.KnownFrom, version.KnownTo, version.SaidAt, version.ExpiresOn,
        version.SupersededBy?.Value, version.Source, version.Model, version.PromptHash, version.DecidedBy, version.Actor, version.Event,
        ProvenMessage.Of(origin.Of(version.SourceSeqs)));
}

/// <param name="Kind">restated or contradicted.</param>
/// <param name="ConfidenceBefore">0..1, with <paramref name="ConfidenceAfter"/>.</param>
internal sealed record ProvenEvidence(
    string Kind, string Source, DateTimeOffset SaidAt, DateTimeOffset KnownFrom, double ConfidenceBefore, double ConfidenceAfter, Guid EventId,
    IReadOnlyList<ProvenMessage> Messages)
{
    internal static ProvenEvidence Of(MemoryEvidence one, MemoryOrigin origin) => new(
        one.Kind, one.Source, one.SaidAt, one.KnownFrom, Math.Round(one.Before, 4), Math.Round(one.After, 4), one.Event, ProvenMessage.Of(origin.Of(one.Seqs)));
}

/// <param name="Redacted">True: words of it were forgotten at a person's wish, and the content says so in their place. Else null.</param>
internal sealed record ProvenMessage(Guid Id, long Seq, string? ConversationId, string Role, string? Name, string Content, DateTimeOffset At, bool? Redacted)
{
    internal static IReadOnlyList<ProvenMessage> Of(IReadOnlyList<SourceMessage> messages) =>
    [
        .. messages.Select(message => new ProvenMessage(
            message.Id.Value, message.Seq, message.Conversation, message.Role, message.Name, message.Content, message.OccurredAt,
            message.IsRedacted ? true : null)),
    ];
}
