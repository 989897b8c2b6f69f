using System.Security.Cryptography;
using System.Text;

namespace Memory.Core.Ingestion;

/// <summary>A prompt that stands beside its stage as a file, and the hash that kept versions name it by.</summary>
/// <param name="Hash">SHA-256 of the text, lower-case hex.</param>
internal sealed record PromptFile(string Text, string Hash)
{
    /// <param name="path">Below this room, as in <c>Extraction.extract.md</c>.</param>
    internal static PromptFile Read(string path)
    {
        using Stream stream = typeof(PromptFile).Assembly.GetManifestResourceStream($"Memory.Core.Ingestion.{path}")
            ?? throw new InvalidOperationException($"The prompt {path} is not embedded.");
        using var reader = new StreamReader(stream);
        string text = reader.ReadToEnd().ReplaceLineEndings("\n");
        return new PromptFile(text, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))));
    }
}
