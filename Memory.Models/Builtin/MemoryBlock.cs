using System.Text.RegularExpressions;

namespace Memory.Models.Builtin;

/// <param name="Note">Its date, and "… said" where it is a turn of a conversation rather than a distilled memory.</param>
internal sealed record Quoted(string Text, string Note)
{
    internal bool IsTurn => Note.EndsWith(" said", StringComparison.Ordinal);
}

/// <summary>Finds the quoted memories in a prompt: the lines that begin with a dash between the two boundary lines.</summary>
internal static partial class MemoryBlock
{
    [GeneratedRegex("""<memories boundary="(?<id>[0-9a-f]+)">(?<body>.*?)</memories boundary="\k<id>">""", RegexOptions.Singleline)]
    private static partial Regex Block { get; }

    [GeneratedRegex("""^- (?:\[(?<note>[^\]]*)\] )?(?<text>.+)$""", RegexOptions.Multiline)]
    private static partial Regex Line { get; }

    internal static IReadOnlyList<Quoted> Read(string prompt) =>
    [
        .. Block.Matches(prompt)
            .SelectMany(block => Line.Matches(block.Groups["body"].Value))
            .Select(line => new Quoted(line.Groups["text"].Value.Trim(), line.Groups["note"].Value)),
    ];

    internal static string Without(string prompt) => Block.Replace(prompt, "").Trim();
}
