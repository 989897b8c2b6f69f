using System.Globalization;

namespace Memory.Core;

/// <summary>Small numbers as people write them.</summary>
internal static class Numbers
{
    internal const string Words = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve";

    private static readonly string[] s_words = Words.Split('|');

    internal static int? Of(string word) => word.ToLowerInvariant() switch
    {
        "a" or "an" => 1,
        "a couple of" or "a couple" => 2,
        var text when Array.IndexOf(s_words, text) is >= 0 and var index => index + 1,
        var text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null,
    };
}
