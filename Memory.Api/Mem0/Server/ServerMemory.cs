using System.Text.Json;
using Memory.Core;
using Memory.Core.LongTerm;
using Memory.Core.Retrieval;

namespace Memory.Api.Mem0.Server;

/// <summary>A memory as the self-hosted server writes it: what is not set is left out.</summary>
/// <param name="Score">0..1, higher is nearer; only of what was searched.</param>
/// <param name="ScoreDetails">How the score came about; only where it is asked for.</param>
internal sealed record ServerMemory(
    Guid Id, string Memory, string Hash, JsonElement? Metadata, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, double? Score,
    string? UserId, string? AgentId, string? RunId, DateOnly? ExpirationDate, IReadOnlyDictionary<string, double>? ScoreDetails)
{
    internal static ServerMemory Of(RecallItem found, bool explain, NamedIds asked) => Of(found.Record!, found.Score, asked) with
    {
        ScoreDetails = explain ? found.Stages.ToDictionary(stage => stage.Key, stage => Math.Round(stage.Value, 4)) : null,
    };

    internal static ServerMemory Of(MemoryRecord record, double? score = null, NamedIds? asked = null)
    {
        MemoryBody body = MemoryBody.Of(record, score, asked);
        return new ServerMemory(
            body.Id, body.Memory, body.Hash, body.Metadata, body.CreatedAt, body.UpdatedAt, body.Score, body.UserId, body.AgentId, body.RunId, body.ExpirationDate, null);
    }
}
