namespace Memory.Core;

public enum OwnerKind
{
    User,
    Agent,
    App,
    Run,
}

/// <summary>
/// Whose memory it is: lane, physical row order and encryption key follow it.
/// User <c>alice</c> and agent <c>alice</c> are two owners, so kind and id always travel as two values.
/// </summary>
public readonly record struct Owner(OwnerKind Kind, string Id)
{
    /// <summary>The kind as the database and the wire write it: user, agent, app, run.</summary>
    public string KindName => Kind switch
    {
        OwnerKind.User => "user",
        OwnerKind.Agent => "agent",
        OwnerKind.App => "app",
        _ => "run",
    };

    public static OwnerKind ParseKind(string name) => name switch
    {
        "user" => OwnerKind.User,
        "agent" => OwnerKind.Agent,
        "app" => OwnerKind.App,
        "run" => OwnerKind.Run,
        _ => throw new InvalidInputException("owner_kind", $"'{name}' is no kind of owner: use user, agent, app or run."),
    };
}
