using System.Text.RegularExpressions;

namespace Memory.Client.Working;

/// <summary>The names in a text: words with a capital letter that are none of those a sentence begins with.</summary>
internal static partial class Names
{
    private static readonly HashSet<string> s_beginnings = new(
        """
        I I'm I've I'll I'd A An The This That These Those My Your His Her Its Our Their He She It We They You User User's
        What When Where Which Who Whose Why How And But Or So Then Also If Because While After Before On In At By For From With Without To Of
        Is Are Was Were Do Does Did Can Could Will Would Should May Might Has Have Had Am Be Please Yes No Not Ok Okay Oh Well Hi Hello Hey Thanks Thank
        Tell Remember Forget Note Give Show Let Let's Never Always Today Tomorrow Yesterday Now Here There Noted Sure Great Some Any All Every Each
        Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April June July August September October November December
        """.Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries),
        StringComparer.Ordinal);

    [GeneratedRegex(@"(?<![\p{L}\p{N}])\p{Lu}[\p{L}\p{M}'’-]*")]
    private static partial Regex Capitalised { get; }

    /// <returns>Each word of a name by itself, in order.</returns>
    internal static IEnumerable<string> In(string text) => Capitalised.Matches(text)
        .Select(word => word.Value.TrimEnd('-', '\'', '’'))
        .Select(word => word.EndsWith("'s", StringComparison.Ordinal) || word.EndsWith("’s", StringComparison.Ordinal) ? word[..^2] : word)
        .Where(word => word.Length > 1 && !s_beginnings.Contains(word));
}
