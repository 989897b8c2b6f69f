using System.Text.RegularExpressions;
using Memory.Models.Builtin;

namespace Memory.Core;

/// <summary>Whether a statement tells what has been.</summary>
internal static partial class Tense
{
    [GeneratedRegex(@"\b(?:will|going to|shall|'ll|planning|plan)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Future { get; }

    [GeneratedRegex(@"[\p{L}']+")]
    private static partial Regex Word { get; }

    private static readonly HashSet<string> s_auxiliaries = new(StringComparer.OrdinalIgnoreCase) { "was", "were", "did", "didn't", "wasn't", "weren't", "had", "went" };

    /// <summary>Words behind which a verb in the past form is none.</summary>
    private const int FarthestVerb = 6;

    internal static bool IsPast(string statement) =>
        !Future.IsMatch(statement) && Word.Matches(statement).Take(FarthestVerb).Any(word => s_auxiliaries.Contains(word.Value) || EnglishVerbs.IsPast(word.Value));
}
