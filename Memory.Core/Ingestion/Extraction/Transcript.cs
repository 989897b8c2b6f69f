using System.Text.RegularExpressions;

namespace Memory.Core.Ingestion.Extraction;

/// <summary>A conversation of others that stands in a message, each line with its speaker's name.</summary>
internal static partial class Transcript
{
    [GeneratedRegex(@"^\s{0,8}\p{Lu}[\p{L}.'-]{0,20}(?: \p{Lu}[\p{L}.'-]{0,20})?(?: \(?\d{1,2}[:.]\d\d\)?)?: \S")]
    private static partial Regex Line { get; }

    internal static string Without(string text)
    {
        string[] lines = text.Split('\n');
        // "Name: Ana" below "About me" is the writer's own list.
        return lines.Count(line => Line.IsMatch(line)) > 1 && !lines.Any(Sheet.IsHeading) ? string.Join('\n', lines.Where(line => !Line.IsMatch(line))) : text;
    }
}
