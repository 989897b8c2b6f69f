namespace Memory.Testing.Models;

/// <summary>What a scripted endpoint answers, whatever its protocol.</summary>
public abstract record ModelReply
{
    private ModelReply()
    {
    }

    /// <summary>
    /// An answer in words, streamed word by word. Where a schema was asked for and this is one JSON value, it goes where the
    /// protocol wants it; anything else goes out as the model's prose.
    /// </summary>
    public sealed record Say(string Text) : ModelReply
    {
        /// <summary>Whether the answer ends because its tokens ran out.</summary>
        public bool CutOff { get; init; }

        /// <summary>Awaited before the word of each place is streamed.</summary>
        public Func<int, CancellationToken, Task>? Pace { get; init; }
    }

    /// <summary>The model calls a tool that it was offered.</summary>
    /// <param name="Arguments">JSON.</param>
    public sealed record CallTool(string Name, string Arguments) : ModelReply;

    /// <summary>The model declines for safety's sake, as the protocol says that.</summary>
    public sealed record Refuse : ModelReply;

    /// <summary>Vectors, written as they are: their lengths and values may be wrong.</summary>
    public sealed record Vectors(IReadOnlyList<IReadOnlyList<float>> Values) : ModelReply;

    /// <summary>An error as the endpoint words it.</summary>
    /// <param name="Code">Bedrock: the exception's name, such as ThrottlingException; OpenAI: the error's code.</param>
    public sealed record Problem(int Status, string Code, string Message) : ModelReply
    {
        public TimeSpan? RetryAfter { get; init; }
    }

    /// <summary>Nothing until the gate lets it pass.</summary>
    public sealed record Gated(Func<CancellationToken, Task> Gate, ModelReply Then) : ModelReply;

    public sealed record Delayed(TimeSpan By, ModelReply Then) : ModelReply;

    /// <summary>Nothing, until the caller goes away.</summary>
    public sealed record Hang : ModelReply;

    /// <summary>All of it, and then a connection that stays open until the caller goes away.</summary>
    public sealed record Kept(ModelReply Then) : ModelReply;

    /// <summary>The connection is reset after some bytes of the body.</summary>
    public sealed record Reset(ModelReply Then, int AfterBytes) : ModelReply;

    /// <summary>The body ends early, but properly.</summary>
    public sealed record Truncated(ModelReply Then, int AfterBytes) : ModelReply;
}
