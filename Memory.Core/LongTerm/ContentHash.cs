using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Memory.Models;

namespace Memory.Core.LongTerm;

/// <summary>
/// What makes two texts the same fact: equal after NFKC, lower case, and with punctuation, emoji and runs of white space folded.
/// </summary>
public static class ContentHash
{
    /// <returns>32 bytes, SHA-256.</returns>
    public static byte[] Of(string content) => SHA256.HashData(Encoding.UTF8.GetBytes(Normalize(content)));

    /// <summary>The same as lower-case hex, as <see cref="MemoryRecord.ContentHash"/> has it.</summary>
    public static string HexOf(string content) => Convert.ToHexStringLower(Of(content));

    internal static string Normalize(string content)
    {
        string worded = Fold(content, withEmoji: false);
        // Of emoji alone the emoji are what was said.
        return worded.Length > 0 ? worded : Fold(content, withEmoji: true);
    }

    private static string Fold(string content, bool withEmoji)
    {
        var folded = new StringBuilder(content.Length);
        foreach (Rune rune in CompatibleText.Of(content).EnumerateRunes())
        {
            if (Rune.IsLetterOrDigit(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark && rune.Value is not (>= 0xFE00 and <= 0xFE0F))
                folded.Append(Rune.ToLowerInvariant(rune).ToString());
            else if (Rune.IsSymbol(rune) && (withEmoji || !IsEmoji(rune)))
                folded.Append(rune.ToString());
            else if (folded.Length > 0 && folded[^1] != ' ')
                folded.Append(' ');
        }

        return folded.ToString().TrimEnd();
    }

    // "User likes tea" and "User likes tea 👍" are one fact; "+", "€" and "°" are part of what is said.
    private static bool IsEmoji(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.OtherSymbol or UnicodeCategory.ModifierSymbol && (rune.Value is >= 0x1F000 or (>= 0x2600 and <= 0x27BF) or (>= 0x2B00 and <= 0x2BFF) or 0x2122 or 0x00A9 or 0x00AE);
}
