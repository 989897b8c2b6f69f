using Memory.Api.Auth;

namespace Memory.Api.Mem0;

/// <summary>Clients check their key with it, and some refuse to start without both ids.</summary>
internal sealed record Ping(string Status, string OrgId, string ProjectId)
{
    internal static Ping Answer(Caller caller) =>
        new("ok", caller.Principal.OrganizationId.ToString(), caller.Principal.Project.ToString());
}
