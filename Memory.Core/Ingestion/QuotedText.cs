using System.Text.RegularExpressions;
using Memory.Core.History;
using Memory.Core.LongTerm;

namespace Memory.Core.Ingestion;

/// <summary>
/// A message cut into what may be quoted from memory, line by line, and what is the speaker's own in any case. A context
/// block that stands in it whole, between its boundaries, is left out at once.
/// </summary>
internal sealed partial class QuotedText
{
    private readonly List<QuotedLine> _lines;

    private QuotedText(List<QuotedLine> lines, int blocks)
    {
        _lines = lines;
        Blocks = blocks;
    }

    [GeneratedRegex("<memories boundary=\"(?<boundary>[0-9a-f]{16})\">.*?</memories boundary=\"\\k<boundary>\">", RegexOptions.Singleline)]
    private static partial Regex Block { get; }

    // What lists and quotes put before and around a text: bullets, numbers, >, a table's bars, a date in brackets, the name and
    // quotes of a JSON property.
    [GeneratedRegex("""^\s*(?:(?:[-*•]|\d{1,3}[.)])\s+|[>|]\s*|\[[^\]]{0,80}\]\s*|"[\w ]{1,40}"\s*:\s*|(?:memory|fact)\s*:\s*)+""", RegexOptions.IgnoreCase)]
    private static partial Regex Mark { get; }

    // As a context block quotes a turn: nobody speaks like that.
    [GeneratedRegex(@"^\s*-\s\[\d{4}-\d\d-\d\d, [^\]]{1,300} said\]\s")]
    private static partial Regex QuotedTurn { get; }

    [GeneratedRegex("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}")]
    private static partial Regex Id { get; }

    internal IReadOnlyList<QuotedLine> Lines => _lines;

    /// <summary>How many context blocks were left out.</summary>
    internal int Blocks { get; }

    /// <summary>Whether there is anything to look up in what a person says: a lone sentence without an id is their own.</summary>
    internal bool MayQuote => _lines.Count > 1 || _lines.Exists(line => line.IsMarked || line.Ids.Count > 0);

    internal static QuotedText Of(string text)
    {
        int blocks = Block.Count(text);
        return new QuotedText([.. (blocks == 0 ? text : Block.Replace(text, "")).Split('\n').Select(Read)], blocks);
    }

    /// <summary>The message without some of its lines; empty when nothing is left.</summary>
    internal string Without(IReadOnlyDictionary<QuotedLine, KnownText?> lines) =>
        string.Join('\n', _lines.Where(line => !lines.ContainsKey(line)).Select(line => line.Text)).Trim();

    private static QuotedLine Read(string line)
    {
        Match mark = Mark.Match(line);
        string bare = line[mark.Length..].Trim().TrimEnd(',', '|', ' ').Trim('"');
        return new QuotedLine(
            line, bare, mark.Length > 0 || line.TrimStart().StartsWith('{'), QuotedTurn.IsMatch(line), [.. Id.Matches(line).Select(id => Guid.Parse(id.Value))]);
    }
}

/// <param name="Bare">The line without what lists put around it.</param>
/// <param name="IsMarked">Whether it looks like an entry of a list, or like JSON.</param>
/// <param name="IsTurn">Whether it quotes a turn as context blocks do.</param>
/// <param name="Ids">UUIDs in it.</param>
internal sealed record QuotedLine(string Text, string Bare, bool IsMarked, bool IsTurn, IReadOnlyList<Guid> Ids)
{
    /// <summary>Of what is said in it, lower-case hex; null when nothing is.</summary>
    internal string? Hash => Bare.Length == 0 ? null : field ??= ContentHash.HexOf(Bare);
}
