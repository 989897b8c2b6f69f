namespace Memory.Core.Retrieval.Hot;

/// <summary>What objects take of the process's memory, in bytes, on a 64-bit runtime.</summary>
internal static class ImageSize
{
    /// <summary>An object's header and its place in lists of others.</summary>
    internal const long Object = 32;

    /// <summary>A place in a dictionary.</summary>
    internal const long Entry = 40;

    internal static long Of(string? text) => text is null ? 0 : 24 + 2L * text.Length;

    internal static long Of(IReadOnlyList<string> texts) => Object + texts.Sum(text => 8 + Of(text));

    /// <summary>Without what many records share: their owner, collection and kind.</summary>
    internal static long Of(LongTerm.MemoryRecord record) =>
        240 + Of(record.Content) + Of(record.ContentHash) + Of(record.Attribute) + Of(record.Metadata) + Of(record.Stage)
        + Of(record.Categories) + Of(record.AgentIds) + Of(record.AppIds) + Of(record.RunIds) + Object + 8L * record.SourceSeqs.Count;
}
