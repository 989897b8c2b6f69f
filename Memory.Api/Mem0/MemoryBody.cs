using System.Text.Json;
using System.Text.Json.Serialization;
using Memory.Api.Endpoints;
using Memory.Core;
using Memory.Core.LongTerm;
using Memory.Core.Retrieval;

namespace Memory.Api.Mem0;

/// <summary>
/// A memory as every endpoint writes it. The run has two names, <c>session_id</c> and <c>run_id</c>, since clients look for
/// either; a score is a number where there is one and absent elsewhere. From <c>kind</c> on it is ours.
/// </summary>
internal sealed record MemoryBody(
    Guid Id, string Memory,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? UserId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? AgentId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? AppId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? RunId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? SessionId,
    string Hash,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] JsonElement? Metadata, IReadOnlyList<string> Categories,
    DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, DateOnly? ExpirationDate, double? Score,
    string Kind, double Confidence, bool Trusted, string? Stage, IReadOnlyList<Guid>? ConflictsWith)
{
    internal static MemoryBody Of(RecallItem found, NamedIds asked) =>
        Of(found.Record!, found.Score, asked) with { ConflictsWith = RecallEndpoints.ConflictsOf(found) };

    /// <param name="asked">What it was found by; null: by its id.</param>
    internal static MemoryBody Of(MemoryRecord record, double? score = null, NamedIds? asked = null)
    {
        asked ??= NamedIds.None;
        string? run = IdOf(record, OwnerKind.Run, record.RunIds, asked);
        return new MemoryBody(
            record.Id.Value, record.Content,
            record.Owner.Kind == OwnerKind.User ? record.Owner.Id : null,
            IdOf(record, OwnerKind.Agent, record.AgentIds, asked), IdOf(record, OwnerKind.App, record.AppIds, asked), run, run, record.ContentHash,
            record.Metadata is null ? null : JsonElement.Parse(record.Metadata), record.Categories,
            record.CreatedAt, record.UpdatedAt, record.ExpiresOn, score is null ? null : Math.Round(score.Value, 4),
            record.Kind, Math.Round(record.Confidence, 4), record.Trusted, record.Stage, null);
    }

    // Several agents may have said the same; the wire has room for one of them.
    private static string? IdOf(MemoryRecord record, OwnerKind kind, IReadOnlyList<string> ids, NamedIds asked) =>
        record.Owner.Kind == kind ? record.Owner.Id : asked.Pick(kind, ids);
}
