using System.Text.Json.Serialization;

namespace Memory.Api.Mem0.Server;

/// <summary>One entry of /memories/{id}/history.</summary>
/// <param name="ActorId">Always null: who spoke is told by the role.</param>
/// <param name="Role">Of the last message it came from; null of a deletion.</param>
internal sealed record ServerVersion(
    Guid Id, Guid MemoryId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? OldMemory,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? NewMemory,
    string Event, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, bool IsDeleted,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? ActorId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Role);
