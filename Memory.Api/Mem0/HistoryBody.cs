using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Memory.Api.Auth;
using Memory.Core;
using Memory.Core.History;
using Memory.Core.Lanes;
using Memory.Core.LongTerm;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Memory.Api.Mem0;

/// <summary>GET /v1/memories/{id}/history/: a bare array, oldest first; a deleted memory keeps its history.</summary>
/// <param name="Input">The messages it came from, as they were said; for a text that was kept word for word, that text.</param>
/// <param name="Categories">Today's, as the metadata and the ids are.</param>
internal sealed record HistoryBody(
    Guid Id, Guid MemoryId, IReadOnlyList<HistoryInput> Input,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? OldMemory,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? NewMemory,
    string Event,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? UserId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? AgentId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? AppId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? RunId,
    IReadOnlyList<string> Categories,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] JsonElement? Metadata,
    string Reason, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    internal static async Task<Ok<List<HistoryBody>>> GetAsync(
        string id, Caller caller, MemoryStore store, Provenance provenance, CancellationToken cancellationToken) =>
        TypedResults.Ok(await ReadAsync(new MemoryId(PathId.Parse(id, "Memory")), caller, store, provenance, cancellationToken));

    internal static async Task<List<HistoryBody>> ReadAsync(
        MemoryId memory, Caller caller, MemoryStore store, Provenance provenance, CancellationToken cancellationToken)
    {
        Lane lane = await store.FindLaneAsync(caller.Principal, memory, cancellationToken);
        MemoryOrigin origin = await provenance.ReadAsync(lane, memory, cancellationToken);
        // Whatever was forgotten in between has no history left.
        MemoryRecord record = (await store.EveryAsync(lane, [memory], cancellationToken)).SingleOrDefault() ?? throw new NotFoundException("Memory");
        MemoryBody now = MemoryBody.Of(record);
        return [.. origin.Versions.Select((version, index) => Of(version, index == 0 ? null : origin.Versions[index - 1].Content, now, origin))];
    }

    private static HistoryBody Of(MemoryVersion version, string? before, MemoryBody now, MemoryOrigin origin) => new(
        IdOf(version), version.Memory.Value, InputOf(version, origin), before, version.Change == "DELETE" ? null : version.Content, version.Change,
        now.UserId, now.AgentId, now.AppId, now.RunId, now.Categories, now.Metadata,
        version.Reason, version.KnownFrom, version.KnownTo ?? version.KnownFrom);

    private static IReadOnlyList<HistoryInput> InputOf(MemoryVersion version, MemoryOrigin origin)
    {
        IReadOnlyList<SourceMessage> said = origin.Of(version.SourceSeqs);
        return said.Count > 0 ? [.. said.Select(message => new HistoryInput(message.Role, message.Content))]
            : version.Change == "DELETE" ? []
            : [new HistoryInput("user", version.Content)];
    }

    // The same for one version whenever it is asked.
    private static Guid IdOf(MemoryVersion version)
    {
        Span<byte> named = stackalloc byte[20];
        version.Memory.Value.TryWriteBytes(named, bigEndian: true, out _);
        BitConverter.TryWriteBytes(named[16..], version.Version);
        Span<byte> id = SHA256.HashData(named).AsSpan(0, 16);
        id[6] = (byte)((id[6] & 0x0F) | 0x80);
        id[8] = (byte)((id[8] & 0x3F) | 0x80);
        return new Guid(id, bigEndian: true);
    }
}

internal sealed record HistoryInput(string Role, string Content);
