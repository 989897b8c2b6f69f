namespace Memory.Core.Storage;

/// <summary>Every Redis key, once: fixed arity, every part present and escaped, so that two owners never share one.</summary>
internal static class RedisKeys
{
    /// <summary>A list of the last turns of a conversation, newest first.</summary>
    internal static string ShortTerm(ProjectId project, Owner owner, string conversation) =>
        $"st:{project}:{owner.KindName}:{Part(owner.Id)}:{Part(conversation)}";

    /// <summary>A vector, by its model and the hash of its text; it is nobody's, since it follows from the text alone.</summary>
    internal static string Embedding(Models.EmbeddingModel model, string text) => $"emb:{Part(model.KeyOf(text))}";

    /// <summary>Why one recall answered as it did.</summary>
    internal static string Trace(ProjectId project, Guid recall) => $"rt:{project}:{recall}";

    /// <summary>A list of a project's traces, newest first.</summary>
    internal static string Traces(ProjectId project) => $"rts:{project}";

    /// <summary>How many requests a key has left.</summary>
    internal static string Rate(ProjectId project, Guid key) => $"rl:{project}:{key}";

    /// <summary>A hint, never a promise, that a lane has become ready.</summary>
    internal const string LaneReadyChannel = "lanes:ready";

    private static string Part(string value) => Uri.EscapeDataString(value);
}
