using System.Text.Json.Serialization;
using Memory.Api.Wire;
using Memory.Core;

namespace Memory.Api.Mem0;

/// <summary>The ids that older versions take beside filters, and the latest one inside filters alone.</summary>
internal abstract record IdsBody
{
    [JsonConverter(typeof(LooseId))]
    public string? UserId { get; init; }

    [JsonConverter(typeof(LooseId))]
    public string? AgentId { get; init; }

    [JsonConverter(typeof(LooseId))]
    public string? AppId { get; init; }

    [JsonConverter(typeof(LooseId))]
    public string? RunId { get; init; }

    /// <returns>Null: none is given.</returns>
    internal MemoryScope? Scope => UserId is null && AgentId is null && AppId is null && RunId is null ? null : MemoryScope.Create(UserId, AgentId, AppId, RunId);

    /// <exception cref="InvalidInputException">One is given.</exception>
    internal void RequireNoIds()
    {
        if (Scope is not null)
            throw new InvalidInputException("filters", "user_id, agent_id, app_id and run_id go inside filters here.");
    }
}
