namespace Memory.Client.Chat;

/// <summary>Keys of the additional properties by which a chat and its memory tell each other things.</summary>
public static class MemoryProperty
{
    /// <summary>
    /// A <see cref="MemoryContext"/>: what was recalled for the request. Of <c>ChatOptions</c> and of the message that carries the
    /// block on the way in, of the response on the way out.
    /// </summary>
    public const string Context = "memory.context";

    /// <summary>A list of texts, of the response: "recall" where it was answered without memory, "remember" where it was not stored.</summary>
    public const string Degraded = "memory.degraded";

    /// <summary>A <see cref="Client.Scope"/>, of the caller's <c>ChatOptions</c>: whose memory this one request is about.</summary>
    public const string Scope = "memory.scope";
}
