namespace Memory.Testing.Faults;

/// <summary>What is wrong with a link. The parts may be combined; bytes count from when the fault was put.</summary>
public sealed record LinkFault
{
    public static LinkFault None { get; } = new();

    /// <summary>How long every piece takes, in each direction.</summary>
    public TimeSpan Latency { get; init; }

    /// <summary>Up to so much more, drawn anew for each piece.</summary>
    public TimeSpan Jitter { get; init; }

    /// <summary>Connections are accepted and nothing goes through; what was held back arrives when the link heals.</summary>
    public bool IsBlackhole { get; init; }

    /// <summary>The connection is reset after so many bytes that the client sent.</summary>
    public long? ResetAfterSent { get; init; }

    /// <summary>The connection is reset after so many bytes that the server answered.</summary>
    public long? ResetAfterAnswered { get; init; }

    /// <summary>
    /// The answer to what holds this text never comes back: it reaches the server, and when the server answers, the
    /// connection is reset. Empty: whatever is sent next.
    /// </summary>
    public string? CutAnswerTo { get; init; }

    /// <summary>The answer is swallowed and the connection stays open: the client waits for as long as it is willing to.</summary>
    public bool CutsSilently { get; init; }

    /// <summary>After it has struck one connection the link is whole again.</summary>
    public bool Once { get; init; }
}
