using System.Text.RegularExpressions;

namespace Memory.Core.Ingestion.Extraction;

/// <summary>
/// Cuts a sentence into clauses that each have a subject of their own: what is left out ("and work from home", "who lives in
/// Rome", "she is a dancer") is put in.
/// </summary>
internal static partial class Clauses
{
    private const string First = "drive|eat|drink|collect|cook|live|work|speak|have|am|was|hate|love|like|prefer|own|study|teach|don't|can't|never|always|play|got|moved|started|went|want|need|visited|bought|met";

    private const string Third = "is|lives|works|has|speaks|loves|likes|hates|prefers|plays|studies|wants|owns|teaches|drives|moved|was|got|started|doesn't|can't|went|bought|eats|drinks";

    // "I moved to Lisbon, so I live there now": two statements of the same speaker; "my cat and my dog" is none of its own.
    [GeneratedRegex(@"(?:, ?(?:(?:and|so|but|because|then|though|although|while|plus) )?|,? (?:and|but|so|because|though|although|while|since|plus) | [-–—] )(?:now |then |also )?(?=(?:I|we|I'm|I've|he|she|they|it|it's|this|that)\b(?!(?: \w+)? (?:know|think|guess|mean|believe|hope)\b)|(?:my|our|her|his|their) [\w' -]{1,40}? (?:is|isn't|are|was|were|has|had|lives?|works?|loves?|likes?|wants?|goes|moved|died|got|plays?|speaks?)\b|(?!I\b)\p{Lu}\p{Ll}+ (?:is|lives|works|has|loves|likes|was|plays|speaks|moved)\b)")]
    private static partial Regex Boundary { get; }

    // "I'm Zoe, a nurse": who, and what.
    [GeneratedRegex(@"^(?<who>I(?:'m| am) \p{Lu}\p{Ll}{1,30}|My name is \p{Lu}\p{Ll}{1,30}(?: \p{Lu}\p{Ll}{1,30})?), (?=an? |\d{1,3}\b)")]
    private static partial Regex Introduction { get; }

    [GeneratedRegex($@"(?:, (?:and |but )?| (?:and|but) )(?=(?:(?:also|now|really|currently|usually|still) )?(?:{First})\b)")]
    private static partial Regex FirstAgain { get; }

    [GeneratedRegex($@"(?:, (?:and |but )?| (?:and|but) )(?=(?:(?:also|now|really|currently|usually|still) )?(?:{Third})\b)")]
    private static partial Regex ThirdAgain { get; }

    // Behind a modal or "to" the next verb may belong to it: "I want to quit and travel".
    [GeneratedRegex(@"\b(?:to|will|would|can|could|should|must|let|help|let's|might|may|'ll|'d|did|didn't|don't|not|never)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Modal { get; }

    [GeneratedRegex(@"^(?<subject>I|We)(?:'m|'ve|'re)?\b", RegexOptions.None)]
    private static partial Regex Speaker { get; }

    [GeneratedRegex($@"^(?<subject>(?:My|my|Our|our) (?:\w+ ){{0,2}}?{Roles.Pattern}(?:,? (?:called |named )?{Subject.PersonPattern},?)?|{Subject.PersonPattern})(?= )")]
    private static partial Regex Somebody { get; }

    [GeneratedRegex($@"^(?<main>.*?\b(?:an?|my|one|another|our) (?:\w+ ){{0,2}}?(?<role>{Roles.Pattern}),? (?:called |named )?(?<name>{Subject.PersonPattern})),? (?:who|that)(?:'s| is| was)? (?<rest>.+)$")]
    private static partial Regex Who { get; }

    [GeneratedRegex(@"^(?<pronoun>[Hh]e|[Ss]he|[Tt]hey|[Hh]is|[Hh]er|[Tt]heir)(?<short>'s|'re|'ve|'ll|'d)?(?= ) (?<rest>.+)$")]
    private static partial Regex Pronoun { get; }

    [GeneratedRegex($@"\b(?<who>(?:[Mm]y|[Oo]ur) (?:\w+ ){{0,2}}?{Roles.Pattern}(?: (?:called |named |is called |is named |is )?(?<name>{Subject.PersonPattern}))?|(?:dating|met|married to|seeing|engaged to|with|called|named|friend|neighbour) (?<name>{Subject.PersonPattern})|an? (?:\w+ ){{0,2}}?(?<role>{Roles.Pattern}),? (?:called |named )?(?<name>{Subject.PersonPattern}))")]
    private static partial Regex Mention { get; }

    [GeneratedRegex(@"^(?:just |finally |recently )?(?:moved (?:to|from|out|in)|relocated|quit my|adopted an?|graduated|got (?:married|engaged|promoted|divorced|fired|hired|laid off|a (?:new )?(?:job|dog|cat|puppy|kitten|car|bike))|started (?:a new job|working|learning|studying)|born (?:in|on) |allergic to|finished (?:my|reading|the)|passed my)\b", RegexOptions.IgnoreCase)]
    private static partial Regex WithoutSubject { get; }

    [GeneratedRegex(@"^(?:born|allergic)\b", RegexOptions.IgnoreCase)]
    private static partial Regex NeedsVerb { get; }

    /// <param name="before">The statement before it in the same message, for whom "she" may be.</param>
    internal static IEnumerable<string> Of(string sentence, string? before)
    {
        string whole = WithSubject(Introduction.Replace(sentence, "${who}, I'm "));
        foreach (string part in Parts(whole).SelectMany(Relative))
        {
            foreach (string clause in Again(Resolved(part.Trim(), before)))
            {
                yield return clause;
                before = clause;
            }
        }
    }

    // "Elena and I went skiing": the two are one subject.
    private static IEnumerable<string> Parts(string sentence)
    {
        int together = Statement.TogetherUpTo(sentence);
        string[] parts = Boundary.Split(sentence[together..]);
        return [sentence[..together] + parts[0], .. parts.Skip(1)];
    }

    private static string WithSubject(string sentence) => !WithoutSubject.IsMatch(sentence) ? sentence
        : $"{(NeedsVerb.IsMatch(sentence) ? char.ToLowerInvariant(sentence[0]) == 'b' ? "I was" : "I am" : "I")} {char.ToLowerInvariant(sentence[0])}{sentence[1..]}";

    private static IEnumerable<string> Relative(string clause)
    {
        if (Who.Match(clause) is not { Success: true } who)
            return [clause];
        string verb = who.Value.Contains(" who's ", StringComparison.Ordinal) || who.Value.Contains(" who is ", StringComparison.Ordinal) || who.Value.Contains(" that is ", StringComparison.Ordinal) ? "is "
            : who.Value.Contains(" who was ", StringComparison.Ordinal) ? "was " : "";
        string said = $"My {who.Groups["role"].Value} {who.Groups["name"].Value} {verb}{who.Groups["rest"].Value}";
        // "My sister Rosa, who lives in Rome, is a nurse" says both; "my sister Rosa" alone says nothing.
        return who.Groups["main"].Value.Split(' ').Length <= 4 && who.Groups["main"].Value.StartsWith("my", StringComparison.OrdinalIgnoreCase) ? [said] : [who.Groups["main"].Value, said];
    }

    private static string Resolved(string clause, string? before)
    {
        if (before is null || Pronoun.Match(clause) is not { Success: true } pronoun || Mention.Matches(before) is not [.., var mention])
            return clause;
        string said = mention.Groups["who"].Value;
        string name = mention.Groups["name"].Success && PersonName.CanBe(mention.Groups["name"].Value) ? mention.Groups["name"].Value
            : said.StartsWith("my", StringComparison.OrdinalIgnoreCase) || said.StartsWith("our", StringComparison.OrdinalIgnoreCase) ? $"My {string.Join(' ', said.Split(' ').Skip(1))}" : "";
        if (name.Length == 0)
            return clause;
        string form = pronoun.Groups["pronoun"].Value.ToLowerInvariant() is "his" or "her" or "their" ? "'s" : pronoun.Groups["short"].Value switch
        {
            "'s" => pronoun.Groups["rest"].Value.StartsWith("been", StringComparison.Ordinal) || pronoun.Groups["rest"].Value.StartsWith("got", StringComparison.Ordinal) ? " has" : " is",
            "'re" => " is",
            "'ve" => " has",
            "'ll" => " will",
            "'d" => " would",
            _ => "",
        };
        return $"{name}{form} {pronoun.Groups["rest"].Value}";
    }

    private static IEnumerable<string> Again(string clause)
    {
        bool isSpeaker = Speaker.IsMatch(clause);
        Match subject = isSpeaker ? Speaker.Match(clause) : Somebody.Match(clause);
        if (!subject.Success)
            return [clause];
        string[] parts = (isSpeaker ? FirstAgain : ThirdAgain).Split(clause);
        if (parts.Length == 1 || Modal.IsMatch(parts[0]))
            return [clause];
        return parts.Select((part, index) => index == 0 ? part : $"{subject.Groups["subject"].Value.TrimEnd(',')} {part}");
    }
}
