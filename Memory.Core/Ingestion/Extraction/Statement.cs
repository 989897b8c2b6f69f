using System.Text.RegularExpressions;
using Memory.Models.Builtin;

namespace Memory.Core.Ingestion.Extraction;

/// <summary>Turns what somebody said of themselves into what can be said of them: "I work in Leeds" becomes "User works in Leeds".</summary>
internal static partial class Statement
{
    [GeneratedRegex($@"^(?:I|[Ww]e)(?<short>'m|'ve|'d|'ll|'re)? (?<adverb>(?:{EnglishVerbs.Adverb} )*)(?<verb>[\w']+)(?<rest>.*)$", RegexOptions.Singleline)]
    private static partial Regex FirstPerson { get; }

    [GeneratedRegex(@"^(?:My|Our)\s+(?<rest>.+)$", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex Possession { get; }

    // "My sister and I", "Elena and I", "me and Elena": the speaker, with somebody.
    [GeneratedRegex($@"^(?:(?<whose>[Mm]y) (?<role>(?:\w+ )?{Roles.Pattern})(?: (?<name>{Subject.PersonPattern}))?|(?<name>{Subject.PersonPattern})) and (?:I|me) (?<rest>.+)$|^(?:[Mm]e|I) and (?<name>{Subject.PersonPattern}) (?<rest>.+)$", RegexOptions.Singleline)]
    private static partial Regex Together { get; }

    /// <summary>How far "Elena and I" goes; 0: the speaker is alone.</summary>
    internal static int TogetherUpTo(string sentence) => Together.Match(sentence) is { Success: true } together ? together.Groups["rest"].Index : 0;

    [GeneratedRegex($@"^(?<name>{Subject.PersonPattern}) is my (?<how>\w+ )??(?<role>{Roles.Pattern})(?:,? (?:and|who).*)?$")]
    private static partial Regex IsMine { get; }

    [GeneratedRegex(@"^(?:I'm|I am) (?<name>\p{Lu}\p{Ll}[\p{L}'-]*(?: \p{Lu}\p{Ll}[\p{L}'-]*){0,2})(?:$|, )")]
    private static partial Regex IAm { get; }

    [GeneratedRegex(@"^(?:the name(?:'s| is)|name's) (?<name>(?-i:\p{Lu}\p{Ll}[\p{L}'-]*(?: \p{Lu}\p{Ll}[\p{L}'-]*){0,2}))$", RegexOptions.IgnoreCase)]
    private static partial Regex TheName { get; }

    // "My birthday's on the 4th".
    [GeneratedRegex(@"(?<=^[\w-]+(?: [\w-]+){0,2})'s(?= (?:on|in|at|an?|the|called|named|now|not|just|going|getting|from|\d)\b)")]
    private static partial Regex Short { get; }

    // What is new now is not when it is read.
    [GeneratedRegex(@"(?<=^\S+(?: \S+)?'s )(?:new|updated|current|latest) (?=[\w ]+? (?:is|are)\b)")]
    private static partial Regex New { get; }

    [GeneratedRegex(@"^ (?:an?|my|our|the|no|some|two|three|four|five|\d|to)\b")]
    private static partial Regex Owned { get; }

    [GeneratedRegex(@"\b(?:I'm|I am|I was|I've|I have|I|my|mine|me|myself|we're|we've|we|our|ours|us|ourselves)\b")]
    private static partial Regex Pronoun { get; }

    // The verb of a second clause goes with its "they": nothing is left to be conjugated.
    [GeneratedRegex(@",? (?:right now|now|nowadays|these days|at the moment|currently|at present|as of now)$|(?<=^\S+(?:'s \w+)?(?: is| has)?) (?:now|currently|presently)(?= )|(?<= is| are) (?:now|currently|actually|really)(?= )", RegexOptions.IgnoreCase)]
    private static partial Regex Present { get; }

    /// <param name="speaker">"User", or the speaker's name.</param>
    /// <param name="opens">Nothing but a greeting came before: here people say who they are.</param>
    /// <returns>Null when the statement is not about its speaker.</returns>
    internal static string? AboutSpeaker(string text, string speaker, bool opens)
    {
        if ((opens && IAm.Match(text) is { Success: true } introduced && PersonName.CanBe(introduced.Groups["name"].Value) ? introduced : TheName.Match(text)) is { Success: true } named)
            return $"{speaker}'s name is {named.Groups["name"].Value}";
        if (IsMine.Match(text) is { Success: true } mine && PersonName.CanBe(mine.Groups["name"].Value))
            return $"{speaker}'s {mine.Groups["how"].Value}{mine.Groups["role"].Value} is called {mine.Groups["name"].Value}";
        if (Together.Match(text) is { Success: true } together && (!together.Groups["name"].Success || PersonName.CanBe(together.Groups["name"].Value)))
            return $"{speaker} and {(together.Groups["whose"].Success ? $"their {together.Groups["role"].Value} {together.Groups["name"].Value}".TrimEnd() : together.Groups["name"].Value)} {InThirdPerson(together.Groups["rest"].Value)}";
        if (Possession.Match(text) is { Success: true } possession)
            return Timeless($"{speaker}'s {InThirdPerson(Short.Replace(possession.Groups["rest"].Value, " is", 1))}");
        return FirstPerson.Match(text) is { Success: true } match ? Timeless(Conjugated(match, speaker)) : null;
    }

    /// <summary>What is said of somebody who is named, as it is; null where nobody is.</summary>
    internal static string? AboutNamed(string text)
    {
        (Subject subject, _) = Subject.Of(text, "\0");
        return subject.Name is not null && PersonName.CanBe(subject.Name) ? Timeless(InThirdPerson(text)) : null;
    }

    /// <summary>What was asked to be remembered, whoever it is about.</summary>
    internal static string Plain(string text)
    {
        string said = InThirdPerson(text);
        return char.ToUpperInvariant(said[0]) + said[1..];
    }

    /// <summary>Without "now" and the like: a fact says it for as long as it holds.</summary>
    internal static string Timeless(string content) => New.Replace(Present.Replace(content, ""), "");

    private static string Conjugated(Match match, string speaker)
    {
        string adverb = match.Groups["adverb"].Value;
        string verb = match.Groups["verb"].Value;
        string rest = InThirdPerson(match.Groups["rest"].Value);
        return match.Groups["short"].Value switch
        {
            "'m" or "'re" => $"{speaker} is {adverb}{verb}{rest}",
            "'ve" => verb == "got" && Owned.IsMatch(rest) ? $"{speaker} has{rest}" : $"{speaker} has {adverb}{verb}{rest}",
            "'d" => $"{speaker} would {adverb}{verb}{rest}",
            "'ll" => $"{speaker} will {adverb}{verb}{rest}",
            _ => verb == "are" ? $"{speaker} is{rest}" : $"{speaker} {adverb}{EnglishVerbs.ToThirdPerson(verb)}{rest}",
        };
    }

    internal static string InThirdPerson(string rest) => Pronoun.Replace(rest, match => match.Value switch
    {
        "I'm" or "I am" or "we're" => "they are",
        "I was" => "they were",
        "I've" or "I have" or "we've" => "they have",
        "I" or "we" => "they",
        "my" or "our" => "their",
        "mine" or "ours" => "theirs",
        "me" or "us" => "them",
        _ => "themselves",
    });
}
