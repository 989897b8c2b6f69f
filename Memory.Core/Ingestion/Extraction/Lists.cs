using System.Text.RegularExpressions;

namespace Memory.Core.Ingestion.Extraction;

/// <summary>"Likes hiking and kayaking" says two things, each of which may change alone.</summary>
internal static partial class Lists
{
    [GeneratedRegex(@"^(?<head>\S+(?:'s \w+)? (?:\w+ly )?(?:loves?|likes?|enjoys?|hates?|dislikes?|adores?|speaks?|can't stand|doesn't like|is (?:\w+ )?allergic to)) (?<first>[\p{L}\p{M}'-]+)(?<more>(?:, [\p{L}\p{M}'-]+){0,5}),? and (?<last>[\p{L}\p{M}'-]+)$")]
    private static partial Regex OfOneWordEach { get; }

    internal static IReadOnlyList<string> Apart(string content) => OfOneWordEach.Match(content) is not { Success: true } list ? [content]
        : [.. list.Groups["more"].Value.Split(", ", StringSplitOptions.RemoveEmptyEntries).Prepend(list.Groups["first"].Value).Append(list.Groups["last"].Value)
            .Select(item => $"{list.Groups["head"].Value} {item}")];
}
