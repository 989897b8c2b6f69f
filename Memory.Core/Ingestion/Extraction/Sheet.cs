using System.Text.RegularExpressions;

namespace Memory.Core.Ingestion.Extraction;

/// <summary>A list about oneself, as in "About me: - Ana - nurse - two kids": each entry says a whole sentence.</summary>
internal static partial class Sheet
{
    [GeneratedRegex(@"^\W{0,6}(?:(?:here(?:'s| is| are)|this is|just|some|a few|a bit|a little|quick|more|few|things|facts|info|information|details|basics|the|to|you|should|know|my|profile|bio|intro|introduction|summary|who|i|am|personal|data|also|please|note|remember|about|me|myself|following) ?){1,12}:?\W{0,4}$", RegexOptions.IgnoreCase)]
    private static partial Regex Heading { get; }

    [GeneratedRegex(@"\b(?:about (?:me|myself)|who I am|my (?:profile|bio|data|details|info)|introduction|remember)\b", RegexOptions.IgnoreCase)]
    private static partial Regex OfOneself { get; }

    [GeneratedRegex(@"^\s{0,8}(?:[-*•–+]|\d{1,2}[.)])\s+(?<entry>\S.*)$", RegexOptions.Singleline)]
    private static partial Regex Bullet { get; }

    [GeneratedRegex(@"^(?<key>name|home|city|town|location|lives?|job|work|occupation|profession|age|birthday|born|phone(?: number)?|email|diet|hobb(?:y|ies)|languages?|nationality|height|weight|favou?rite [\w ]{2,20}|allerg(?:y|ies)|pets?|employer|company|partner|wife|husband) ?[:=] ?(?<value>\S.*)$", RegexOptions.IgnoreCase)]
    private static partial Regex Entry { get; }

    [GeneratedRegex(@"^(?:live|work|speak|play|have|love|like|hate|enjoy|study|own|drive|run|teach|prefer|eat|drink|don't|can't|am|was|grew|moved|born|married|got)\b", RegexOptions.IgnoreCase)]
    private static partial Regex BareVerb { get; }

    [GeneratedRegex(@"^(?:lives|works|speaks|plays|has|loves|likes|hates|enjoys|studies|owns|drives|prefers|eats|drinks)\b", RegexOptions.IgnoreCase)]
    private static partial Regex ThirdPersonVerb { get; }

    [GeneratedRegex($@"^(?:\d{{1,3}} years old|from \p{{Lu}}|allergic to|married|single|divorced|retired|vegan|vegetarian|pescatarian|left-handed|an? {Occupations.Pattern}|{Occupations.Pattern})", RegexOptions.IgnoreCase)]
    private static partial Regex Trait { get; }

    [GeneratedRegex($@"^(?:\d{{1,2}}|{Numbers.Words}|an?) (?:\w+ )?(?:{Roles.Pattern}s?|children|car|bike|house|flat|garden|siblings)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Possession { get; }

    [GeneratedRegex(@"^(?:an? |my |\d|from|allergic|married|single|divorced|retired|vegan|vegetarian|pescatarian|left-handed)", RegexOptions.IgnoreCase)]
    private static partial Regex NeedsNoArticle { get; }

    /// <summary>Whether a line announces a list about the writer.</summary>
    internal static bool IsHeading(string line) => line.Length <= 120 && Heading.IsMatch(line) && OfOneself.IsMatch(line);

    /// <summary>An entry of a list as a sentence; null where the line is none.</summary>
    /// <param name="headed">The list is about its writer, so that an entry may leave out "I".</param>
    internal static string? Sentence(string line, bool headed)
    {
        Match bullet = Bullet.Match(line);
        if (!bullet.Success && !(headed && Entry.IsMatch(line.Trim())))
            return null;
        string entry = bullet.Success ? bullet.Groups["entry"].Value.Trim() : line.Trim();
        return headed && entry.Length <= 200 ? Whole(entry) : entry;
    }

    private static string Whole(string entry)
    {
        if (Entry.Match(entry) is { Success: true } pair)
            return OfPair(pair.Groups["key"].Value.ToLowerInvariant(), pair.Groups["value"].Value);
        if (BareVerb.Match(entry) is { Success: true } verb)
            return verb.Value.ToLowerInvariant() is "born" or "married" ? $"I was {LowerFirst(entry)}" : $"I {LowerFirst(entry)}";
        if (ThirdPersonVerb.IsMatch(entry))
            return $"I {LowerFirst(Models.Builtin.EnglishVerbs.ToSecondPerson(entry.Split(' ')[0]))} {string.Join(' ', entry.Split(' ').Skip(1))}";
        if (Possession.IsMatch(entry))
            return $"I have {LowerFirst(entry)}";
        return Trait.IsMatch(entry) ? $"I am {(NeedsNoArticle.IsMatch(entry) ? "" : "aeiou".Contains(char.ToLowerInvariant(entry[0])) ? "an " : "a ")}{LowerFirst(entry)}" : entry;
    }

    private static string OfPair(string key, string value) => key switch
    {
        "home" or "city" or "town" or "location" or "live" or "lives" => $"I live in {value}",
        "job" or "work" or "occupation" or "profession" => $"My job is {value}",
        "age" => $"I am {value} years old",
        "born" => $"I was born on {value}",
        "employer" or "company" => $"I work at {value}",
        "allergy" or "allergies" => $"I am allergic to {value}",
        "language" or "languages" => $"I speak {value}",
        "hobby" or "hobbies" => $"I like {value}",
        "pet" or "pets" => $"I have {value}",
        _ => $"My {key} is {value}",
    };

    private static string LowerFirst(string text) => char.ToLowerInvariant(text[0]) + text[1..];
}
