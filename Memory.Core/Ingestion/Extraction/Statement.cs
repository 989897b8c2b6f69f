using System.Text.RegularExpressions;
using Memory.Models.Builtin;

namespace Memory.Core.Ingestion.Extraction;

/// <summary>Turns what somebody said of themselves into what can be said of them: "I work in Leeds" becomes "User works in Leeds".</summary>
internal static partial class Statement
{
    [GeneratedRegex($@"^I(?<short>'m|'ve|'d|'ll)? (?<adverb>(?:{EnglishVerbs.Adverb} )*)(?<verb>[\w']+)(?<rest>.*)$", RegexOptions.Singleline)]
    private static partial Regex FirstPerson { get; }

    [GeneratedRegex(@"^My\s+(?<rest>.+)$", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex Possession { get; }

    [GeneratedRegex(@"^(?i:call me|you can call me|people call me|they call me) (?<name>\p{Lu}[\p{L}'-]+(?: \p{Lu}[\p{L}'-]+)*)")]
    private static partial Regex CallMe { get; }

    [GeneratedRegex(@"^(?:I'm|I am) (?<name>\p{Lu}\p{Ll}[\p{L}'-]*(?: \p{Lu}\p{Ll}[\p{L}'-]*){0,2})(?:$|, )")]
    private static partial Regex IAm { get; }

    [GeneratedRegex(@"\b(?:I'm|I am|I was|I've|I have|I|my|mine|me|myself)\b")]
    private static partial Regex Pronoun { get; }

    /// <param name="speaker">"User", or the speaker's name.</param>
    /// <param name="opens">Nothing but a greeting came before: here people say who they are.</param>
    /// <returns>Null when the statement is not about its speaker.</returns>
    internal static string? AboutSpeaker(string text, string speaker, bool opens)
    {
        if (CallMe.Match(text) is { Success: true } called)
            return $"{speaker}'s name is {called.Groups["name"].Value}";
        if (opens && IAm.Match(text) is { Success: true } introduced && PersonName.CanBe(introduced.Groups["name"].Value))
            return $"{speaker}'s name is {introduced.Groups["name"].Value}";
        if (Possession.Match(text) is { Success: true } possession)
            return $"{speaker}'s {InThirdPerson(possession.Groups["rest"].Value)}";
        if (FirstPerson.Match(text) is not { Success: true } match)
            return null;

        string adverb = match.Groups["adverb"].Value;
        string verb = match.Groups["verb"].Value;
        string rest = InThirdPerson(match.Groups["rest"].Value);
        return match.Groups["short"].Value switch
        {
            "'m" => $"{speaker} is {adverb}{verb}{rest}",
            "'ve" => $"{speaker} has {adverb}{verb}{rest}",
            "'d" => $"{speaker} would {adverb}{verb}{rest}",
            "'ll" => $"{speaker} will {adverb}{verb}{rest}",
            _ => $"{speaker} {adverb}{EnglishVerbs.ToThirdPerson(verb)}{rest}",
        };
    }

    private static string InThirdPerson(string rest) => Pronoun.Replace(rest, match => match.Value switch
    {
        "I'm" or "I am" => "they are",
        "I was" => "they were",
        "I've" or "I have" => "they have",
        "I" => "they",
        "my" => "their",
        "mine" => "theirs",
        "me" => "them",
        _ => "themselves",
    });
}
