using Memory.Core;

namespace Memory.Api.Endpoints;

/// <summary>Whose memory, in a request's body.</summary>
internal sealed record ScopeBody(string? UserId = null, string? AgentId = null, string? AppId = null, string? RunId = null)
{
    internal static MemoryScope ToScope(ScopeBody? body) =>
        MemoryScope.Create(body?.UserId, body?.AgentId, body?.AppId, body?.RunId);
}
