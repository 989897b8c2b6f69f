namespace Memory.Models;

/// <summary>
/// What a model is used for. Each role has a model, limits and a resilience of its own, and is the key under which its
/// client is registered.
/// </summary>
public static class ModelRole
{
    /// <summary>Finds facts in messages.</summary>
    public const string Extract = "extract";

    /// <summary>Decides what becomes of facts beside what is known.</summary>
    public const string Reconcile = "reconcile";

    /// <summary>Answers people.</summary>
    public const string Chat = "chat";

    /// <summary>Turns texts into vectors.</summary>
    public const string Embed = "embed";

    public static IReadOnlyList<string> All { get; } = [Extract, Reconcile, Chat, Embed];
}
