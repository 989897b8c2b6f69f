using System.Text.Json.Serialization;
using Memory.Api.Auth;
using Memory.Core;
using Memory.Core.History;
using Memory.Core.Lanes;
using Memory.Core.LongTerm;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Memory.Api.Mem0;

/// <summary>GET /v1/memories/{id}/history/: a bare array, oldest first; a deleted memory keeps its history.</summary>
internal sealed record HistoryBody(
    string Id, Guid MemoryId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? OldMemory,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? NewMemory,
    string Event, string Reason, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    internal static async Task<Ok<List<HistoryBody>>> GetAsync(
        string id, Caller caller, MemoryStore store, VersionLog versions, CancellationToken cancellationToken)
    {
        var memory = new MemoryId(PathId.Parse(id, "Memory"));
        Lane lane = await store.FindLaneAsync(caller.Principal, memory, cancellationToken);
        List<MemoryVersion> all = await versions.ReadAsync(lane, memory, cancellationToken);
        return TypedResults.Ok(all.Select((version, index) => Of(version, index == 0 ? null : all[index - 1].Content)).ToList());
    }

    private static HistoryBody Of(MemoryVersion version, string? before) => new(
        $"{version.Memory}:{version.Version}", version.Memory.Value, before, version.Change == "DELETE" ? null : version.Content,
        version.Change, version.Reason, version.KnownFrom, version.KnownTo ?? version.KnownFrom);
}
