using System.Text;

namespace Memory.Models;

/// <summary>Text as it is compared: letters that look the same are the same (Unicode's normal form KC).</summary>
public static class CompatibleText
{
    /// <summary>Well-formed text of any kind: the one character that <see cref="string.Normalize()"/> refuses counts as one that is not known.</summary>
    public static string Of(string text) => text.Replace('\uFFFE', '\uFFFD').Normalize(NormalizationForm.FormKC);
}
