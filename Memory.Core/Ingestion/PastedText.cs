using System.Text;
using System.Text.RegularExpressions;
using Memory.Models;

namespace Memory.Core.Ingestion;

/// <summary>
/// A message cut into what its sender wrote and what was pasted into it: quotations, code, mails, pages, logs, transcripts,
/// and text that speaks to a model instead of to somebody. Where it cannot be told, it counts as pasted: that costs trust, no fact.
/// </summary>
/// <param name="Own">What is left of it as the sender's own words.</param>
/// <param name="Pasted">The rest; empty: there is none.</param>
internal sealed partial record PastedText(string Own, string Pasted)
{
    /// <summary>In words.</summary>
    private const int LongestTitle = 6;

    // A tag character is an invisible copy of ASCII: what stands in it was put there by a machine, for a machine.
    private const int FirstTag = 0xE0000;
    private const int LastTag = 0xE007F;

    /// <summary>More look-alikes of a letter than these are not worth their cost.</summary>
    private const string LookAlikes = "аaеeоoрpсcуyхxіiѕsԁdһhјjΑAΒBΕEΟOΡPΤTΧXΜMΝNАAВBЕEМMОOРPСCТTХXЅSІI";

    [GeneratedRegex("""(?<open>["“„«‹「『])(?<said>[^"“”„«»‹›「」『』\n]{12,4000})["”“»›」』]|(?<![\p{L}\p{N}])'(?<said>[^'\n]{12,2000}(?:'\p{L}[^'\n]{1,200}){0,10})'(?![\p{L}\p{N}])|‘(?<said>[^‘’\n]{12,2000}(?:’[^‘’\n]{1,200})?)’|`(?<said>[^`\n]{12,4000})`""")]
    private static partial Regex Quotation { get; }

    // Base64, hex, percent-encoded: nobody says that, and only a machine reads it.
    [GeneratedRegex(@"(?<![\w/+%])(?:[A-Za-z0-9+/_-]{32,}={0,2}|(?:%[0-9A-Fa-f]{2}){8,}|(?:\\[ux][0-9A-Fa-f]{2,6}){6,}|(?:&#x?[0-9A-Fa-f]{2,6};){6,}|(?:[01]{8} ?){6,}|(?:[0-9A-Fa-f]{2} ){12,})")]
    private static partial Regex Encoded { get; }

    internal static PastedText Of(string message)
    {
        (string text, string hidden) = Reveal(message);
        string[] lines = text.ReplaceLineEndings("\n").Split('\n');
        var (own, pasted) = (new StringBuilder(), new StringBuilder(hidden));
        for (var (i, fence) = (0, (string?)null); i < lines.Length; i++)
        {
            if (fence is null && PastedLines.StartAt(lines, i) is { } start)
            {
                own.Append(lines[i].AsSpan(0, start)).Append('\n');
                pasted.Append(lines[i].AsSpan(start)).Append('\n').AppendJoin('\n', lines.Skip(i + 1));
                break;
            }

            string? edge = PastedLines.FenceOf(lines[i]);
            bool isPasted = fence is not null || edge is not null || PastedLines.IsQuoted(lines[i]);
            fence = fence is null ? edge : edge == fence ? null : fence;
            (isPasted ? pasted : own).Append(lines[i]).Append('\n');
        }

        return WithoutQuotations(own.ToString(), pasted);
    }

    private static PastedText WithoutQuotations(string own, StringBuilder pasted)
    {
        string left = Encoded.Replace(own, Take);
        left = Quotation.Replace(left, match => IsPassage(match.Groups["said"].Value) ? Take(match) : match.Value);
        return new PastedText(left.Trim(), pasted.ToString().Trim());

        string Take(Match match)
        {
            pasted.Append('\n').Append(match.Value);
            return " ";
        }
    }

    /// <summary>A message without what nobody who reads it sees.</summary>
    internal static string Visible(string message) => message.AsSpan().IndexOf('\uDB40') < 0
        ? message
        : string.Concat(message.EnumerateRunes().Where(rune => rune.Value is < FirstTag or > LastTag));

    // A title or a name in quotes is the speaker's own word; a passage is somebody's.
    private static bool IsPassage(string quoted) =>
        (quoted.Count(char.IsWhiteSpace) >= 3 && !IsTitle(quoted)) || quoted.EnumerateRunes().Count(rune => rune.Value is >= 0x3040 and <= 0x9FFF or >= 0xAC00 and <= 0xD7AF) >= 8;

    // "The Name of the Wind": short, without an end, its long words capitalised.
    private static bool IsTitle(string quoted)
    {
        string[] words = quoted.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words.Length <= LongestTitle && quoted[^1] is not ('.' or '!' or '?') && words.Where(word => word.Length > 3).All(word => char.IsUpper(word[0]));
    }

    /// <returns>The text as it is seen, look-alikes of letters folded; and what is there and not seen.</returns>
    private static (string Seen, string Hidden) Reveal(string message)
    {
        var (seen, hidden) = (new StringBuilder(message.Length), new StringBuilder());
        foreach (Rune rune in CompatibleText.Of(message).EnumerateRunes())
        {
            if (rune.Value is >= FirstTag and <= LastTag)
                hidden.Append((char)Math.Max(' ', rune.Value - FirstTag));
            // Full-width forms of ASCII: what NFKC does too, where the process runs with a culture.
            else if (rune.Value is >= 0xFF01 and <= 0xFF5E)
                seen.Append((char)(rune.Value - 0xFEE0));
            else if (rune.Value is 0x2028 or 0x2029 or 0x85)
                seen.Append('\n');
            else if (Rune.GetUnicodeCategory(rune) != System.Globalization.UnicodeCategory.Format)
                seen.Append(rune.ToString());
        }

        return (seen.ToString(), hidden.ToString());
    }

    /// <summary>Letters of other scripts that pass for Latin ones, folded: only to look for marks that are disguised.</summary>
    internal static string Undisguised(string line) => string.Create(line.Length, line, static (folded, text) =>
    {
        for (var i = 0; i < folded.Length; i++)
        {
            int at = text[i] < 0x370 ? -1 : LookAlikes.IndexOf(text[i], StringComparison.Ordinal);
            folded[i] = at >= 0 && at % 2 == 0 ? LookAlikes[at + 1] : text[i];
        }
    });
}
