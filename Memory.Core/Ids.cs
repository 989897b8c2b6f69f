namespace Memory.Core;

/// <summary>The tenant. It comes from the API key, never from a request.</summary>
public readonly record struct ProjectId(Guid Value)
{
    public override string ToString() => Value.ToString();
}

/// <summary>One memory through all its versions; UUID v7.</summary>
public readonly record struct MemoryId(Guid Value)
{
    public override string ToString() => Value.ToString();
}

/// <summary>One message as it was said; UUID v7.</summary>
public readonly record struct EpisodeId(Guid Value)
{
    public override string ToString() => Value.ToString();
}

/// <summary>One accepted write and what became of it; UUID v7.</summary>
public readonly record struct EventId(Guid Value)
{
    public override string ToString() => Value.ToString();
}
