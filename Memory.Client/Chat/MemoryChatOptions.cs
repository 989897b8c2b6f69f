namespace Memory.Client.Chat;

/// <summary>How a chat uses memory.</summary>
public sealed class MemoryChatOptions
{
    /// <summary>What is asked for, as in <see cref="ContextRequest.Include"/>; default: verbatim turns beside memories.</summary>
    public IReadOnlyList<string> Include { get; set; } = ["turns"];

    /// <summary>Upper bound of the block in tokens; null: the server's default.</summary>
    public int? TokenBudget { get; set; }

    /// <summary>False: it only recalls, and somebody else stores what is said. Default true.</summary>
    public bool Remember { get; set; } = true;
}
