using System.Security.Cryptography;
using System.Text;

namespace Memory.Core.Ingestion;

/// <summary>A prompt that stands beside its stage as a file, and the hash that kept versions name it by.</summary>
/// <param name="Hash">SHA-256 of the text, lower-case hex.</param>
internal sealed record PromptFile(string Text, string Hash)
{
    private const string Room = "Memory.Core.Ingestion.";

    /// <param name="path">Below this room, as in <c>Extraction.extract.md</c>.</param>
    internal static PromptFile Read(string path)
    {
        using Stream stream = typeof(PromptFile).Assembly.GetManifestResourceStream(Room + path)
            ?? throw new InvalidOperationException($"The prompt {path} is not embedded.");
        using var reader = new StreamReader(stream);
        return Of(reader.ReadToEnd().ReplaceLineEndings("\n"));
    }

    internal static PromptFile Of(string text) => new(text, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))));

    /// <summary>The names of the prompts in a folder of this room, without their ending.</summary>
    internal static IReadOnlyList<string> In(string folder) =>
    [
        .. typeof(PromptFile).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith($"{Room}{folder}.", StringComparison.Ordinal) && name.EndsWith(".md", StringComparison.Ordinal))
            .Select(name => name[(Room.Length + folder.Length + 1)..^".md".Length])
            .Order(StringComparer.Ordinal),
    ];
}
