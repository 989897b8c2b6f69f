namespace Memory.Testing.Faults;

/// <summary>What a <see cref="FaultRig"/> consists of.</summary>
/// <param name="Seed">Of what its links draw.</param>
public sealed record RigOptions(int Seed)
{
    /// <summary>Whether the builtin models serve, instead of the scripted ones.</summary>
    public bool IsBuiltin { get; init; }

    public int LeaseMilliseconds { get; init; } = 1_000;

    public int MaxAttempts { get; init; } = 5;

    /// <summary>Of every service, besides the rig's own; they win over those.</summary>
    public IReadOnlyDictionary<string, string?> Settings { get; init; } = new Dictionary<string, string?>();
}
