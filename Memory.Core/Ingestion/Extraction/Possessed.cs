using System.Text.RegularExpressions;

namespace Memory.Core.Ingestion.Extraction;

/// <summary>
/// What people have one of, such as a birthday. It is set only by what can be its value: "my birthday is May 3" sets it,
/// "my birthday was great" does not.
/// </summary>
internal static partial class Possessed
{
    private const string Month = "January|February|March|April|May|June|July|August|September|October|November|December";

    // Any noun can be a favourite.
    [GeneratedRegex(@"^'s (?<what>favou?rite [\w ]{2,30}?) (?:is|are) (?!not )", RegexOptions.IgnoreCase)]
    private static partial Regex Favourite { get; }

    [GeneratedRegex(@"^'s (?i:(?<what>name|employer|manager|boss|home ?town|nationality|job title|address)) is (?:now )?(?:the )?\p{Lu}")]
    private static partial Regex Named { get; }

    [GeneratedRegex(@"^'s (?<what>age|phone number|phone|mobile number|height|shoe size|address) is (?:now )?[+(]?\d", RegexOptions.IgnoreCase)]
    private static partial Regex Numbered { get; }

    [GeneratedRegex(@"^'s (?<what>email(?: address)?) is (?:now )?[^\s@]+@[^\s@]+", RegexOptions.IgnoreCase)]
    private static partial Regex Mailed { get; }

    [GeneratedRegex($@"^'s (?i:(?<what>birthday)) is (?:on )?(?:the )?(?:\d|(?i:{Month})\b)")]
    private static partial Regex Dated { get; }

    [GeneratedRegex($@"^'s (?<what>job(?: title)?) is (?:now )?(?:an? )?{Occupations.Pattern}", RegexOptions.IgnoreCase)]
    private static partial Regex Worked { get; }

    /// <param name="said">A fact without its speaker: "'s name is Ana".</param>
    /// <returns>Null when it sets nothing.</returns>
    internal static string? AttributeOf(string said)
    {
        foreach (Regex pattern in (Regex[])[Favourite, Named, Numbered, Mailed, Dated, Worked])
        {
            if (pattern.Match(said) is { Success: true } match)
                return match.Groups["what"].Value.ToLowerInvariant().Replace("favorite", "favourite", StringComparison.Ordinal);
        }

        return null;
    }
}
