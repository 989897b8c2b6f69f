using System.Security.Cryptography;
using System.Text;

namespace Memory.Core.LongTerm;

/// <summary>
/// What makes two texts the same fact: equal after NFKC, lower case, and with punctuation and runs of white space folded.
/// </summary>
public static class ContentHash
{
    /// <returns>32 bytes, SHA-256.</returns>
    public static byte[] Of(string content) => SHA256.HashData(Encoding.UTF8.GetBytes(Normalize(content)));

    /// <summary>The same as lower-case hex, as <see cref="MemoryRecord.ContentHash"/> has it.</summary>
    public static string HexOf(string content) => Convert.ToHexStringLower(Of(content));

    internal static string Normalize(string content)
    {
        var folded = new StringBuilder(content.Length);
        foreach (Rune rune in content.Normalize(NormalizationForm.FormKC).EnumerateRunes())
        {
            if (Rune.IsLetterOrDigit(rune) || Rune.GetUnicodeCategory(rune) is System.Globalization.UnicodeCategory.NonSpacingMark)
                folded.Append(Rune.ToLowerInvariant(rune).ToString());
            else if (Rune.IsSymbol(rune))
                folded.Append(rune.ToString());
            else if (folded.Length > 0 && folded[^1] != ' ')
                folded.Append(' ');
        }

        return folded.ToString().TrimEnd();
    }
}
