using System.Text.RegularExpressions;

namespace Memory.Models.Builtin;

/// <summary>Says a stored fact to the person it is about: "User lives in Leeds" becomes "You live in Leeds."</summary>
internal static partial class SecondPerson
{
    [GeneratedRegex(@"^(?:the )?user's\b", RegexOptions.IgnoreCase)]
    private static partial Regex Possessive { get; }

    [GeneratedRegex(@"^(?:the )?user (?<adverb>(?:" + EnglishVerbs.Adverb + @")\s+)?(?<verb>[\w']+)", RegexOptions.IgnoreCase)]
    private static partial Regex Subject { get; }

    [GeneratedRegex(@"\btheir\b")]
    private static partial Regex Their { get; }

    internal static string Say(string fact)
    {
        string said = fact.Trim();
        if (Possessive.IsMatch(said))
            said = Their.Replace(Possessive.Replace(said, "Your", 1), "your");
        else if (Subject.IsMatch(said))
            said = Their.Replace(Subject.Replace(said, match => $"You {match.Groups["adverb"].Value}{EnglishVerbs.ToSecondPerson(match.Groups["verb"].Value)}", 1), "your");
        return said.EndsWith('.') || said.EndsWith('!') || said.EndsWith('?') ? said : said + ".";
    }
}
