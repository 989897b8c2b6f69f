namespace Memory.Core;

/// <summary>
/// Whose memory is meant: at least one id is set; ids given together narrow (AND).
/// </summary>
public sealed record MemoryScope
{
    /// <summary>Longest accepted id, in UTF-16 units: it is part of every key.</summary>
    public const int MaxIdLength = 256;

    /// <summary>What the ids begin with under which memory is made anew, beside its owner's.</summary>
    internal const string OfRebuilds = "rebuild:";

    private MemoryScope(string? userId, string? agentId, string? appId, string? runId)
    {
        UserId = userId;
        AgentId = agentId;
        AppId = appId;
        RunId = runId;
    }

    public string? UserId { get; }

    public string? AgentId { get; }

    public string? AppId { get; }

    /// <summary>The conversation.</summary>
    public string? RunId { get; }

    /// <summary>The first id given, in the order user, agent, app, run.</summary>
    public Owner Owner =>
        UserId is not null ? new Owner(OwnerKind.User, UserId)
        : AgentId is not null ? new Owner(OwnerKind.Agent, AgentId)
        : AppId is not null ? new Owner(OwnerKind.App, AppId)
        : new Owner(OwnerKind.Run, RunId!);

    /// <exception cref="InvalidInputException">No id is given, or one is blank, too long, not well-formed text or the system's own.</exception>
    public static MemoryScope Create(string? userId = null, string? agentId = null, string? appId = null, string? runId = null)
    {
        if (userId is null && agentId is null && appId is null && runId is null)
            throw new InvalidInputException("scope", "Say whose memory is meant: give at least one of user_id, agent_id, app_id, run_id.");

        CheckId("user_id", userId);
        CheckId("agent_id", agentId);
        CheckId("app_id", appId);
        CheckId("run_id", runId);
        return new MemoryScope(userId, agentId, appId, runId);
    }

    /// <summary>All of an owner's memory.</summary>
    /// <exception cref="InvalidInputException">Its id is blank, too long, not well-formed text or the system's own.</exception>
    public static MemoryScope Of(Owner owner) => owner.Kind switch
    {
        OwnerKind.User => Create(userId: owner.Id),
        OwnerKind.Agent => Create(agentId: owner.Id),
        OwnerKind.App => Create(appId: owner.Id),
        _ => Create(runId: owner.Id),
    };

    private static void CheckId(string name, string? id)
    {
        if (id is null)
            return;
        if (string.IsNullOrWhiteSpace(id))
            throw new InvalidInputException(name, $"{name} is blank: leave it out, or give an id.");
        if (id.Length > MaxIdLength)
            throw new InvalidInputException(name, $"{name} has {id.Length} characters; at most {MaxIdLength} are allowed.");
        if (id.StartsWith(OfRebuilds, StringComparison.Ordinal))
            throw new InvalidInputException(name, $"Ids that begin with {OfRebuilds} are the system's own: use another {name}.");
        WellFormedText.Require(name, id);
    }
}
