using System.Globalization;

namespace Memory.Core.Ingestion.Extraction;

/// <summary>What closes a sentence and is none of it: full stops, exclamation marks, emoji.</summary>
internal static class Ending
{
    // "C++", "C#", "(sic)" and "5 %" end in what they need.
    private const string Needed = ")%+#$€£\"'°";

    internal static string Off(string text)
    {
        int length = text.Length;
        while (length > 0 && IsLoose(text[length - 1]))
            length--;
        int start = 0;
        while (start < length && IsLoose(text[start]))
            start++;
        return text[start..length];
    }

    private static bool IsLoose(char c) => !char.IsLetterOrDigit(c) && !Needed.Contains(c, StringComparison.Ordinal)
        && char.GetUnicodeCategory(c) is not (UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.OpenPunctuation);
}
