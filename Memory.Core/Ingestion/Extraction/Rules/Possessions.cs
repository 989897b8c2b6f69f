using System.Text.RegularExpressions;
using Memory.Core.LongTerm;

namespace Memory.Core.Ingestion.Extraction.Rules;

/// <summary>
/// What people have one of, such as a birthday. It is set only by what can be its value: "my birthday is May 3" sets it,
/// "my birthday was great" does not.
/// </summary>
internal static partial class Possessions
{
    private const string Is = @"(?:is|are)(?: now| actually| currently| still)?";
    private const string DateWords = $@"(?:on )?(?:the )?(?:\d{{1,2}}(?:st|nd|rd|th)?(?: of)? (?:{Calendar.Months})|(?:{Calendar.Months}) (?:the )?\d|\d{{1,4}}[-./]\d|in (?:{Calendar.LongMonths}))";

    // Any noun can be a favourite.
    [GeneratedRegex($@"^'s (?:(?:new|current|all-time) )?(?<what>favou?rite [\w ]{{2,30}}?) (?:{Is}|has always been|used to be) (?!not )", RegexOptions.IgnoreCase)]
    private static partial Regex Favourite { get; }

    [GeneratedRegex($@"^'s (?i:(?:new |full |real |current )?(?<what>name|first name|last name|surname|family name|middle name|maiden name|nickname|username|handle|employer|home ?town|nationality|job title|address|native language|mother tongue|first language|religion|star sign|zodiac sign|university|college|school|gym|bank|football team|team|stage name|pen name)) (?:{Is}|was) (?:the )?(?-i:\p{{Lu}})")]
    private static partial Regex Named { get; }

    [GeneratedRegex($@"^'s (?:(?:new|current|home|work|own) )?(?<what>[\p{{L}}-]+(?: [\p{{L}}-]+){{0,2}}) {Is} (?:at |about |around |roughly |down to |up to |only )?(?:size )?[+(€$£#]{{0,2}}\d", RegexOptions.IgnoreCase)]
    private static partial Regex Numbered { get; }

    [GeneratedRegex($@"^'s (?:(?:new|work|private|personal) )?(?<what>e-?mail)(?: address)? {Is} [^\s@]+@[^\s@]+", RegexOptions.IgnoreCase)]
    private static partial Regex Mailed { get; }

    [GeneratedRegex($@"^'s (?i:(?<what>birthday|birth date|birthdate|date of birth|wedding anniversary|anniversary|wedding date|wedding|name day)) (?:{Is}|was) (?:actually |really )?{DateWords}", RegexOptions.IgnoreCase)]
    private static partial Regex Dated { get; }

    [GeneratedRegex($@"^ (?:was born|were born) (?:on {DateWords}|(?:back )?in (?<year>(?:19|20)\d\d))|^ celebrates? (?:my|their|his|her) birthday (?<day>on ){DateWords}|^ (?:has )?(?:my|their|his|her) birthday (?<day>on ){DateWords}", RegexOptions.IgnoreCase)]
    private static partial Regex Born { get; }

    [GeneratedRegex(@"^ (?:(?:got|was|were) married|married (?-i:\p{Lu}\p{Ll}+)) (?:on|in) [\w, -]*\d", RegexOptions.IgnoreCase)]
    private static partial Regex Wed { get; }

    [GeneratedRegex($@"^'s (?i:(?<what>blood (?:type|group))) {Is} (?:type )?(?:A|B|AB|O|0)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Blood { get; }

    [GeneratedRegex(@"^ (?:is|has) (?:a |blood )?(?:type |group )?(?:A|B|AB|O)[ -]?(?:positive|negative|\+|-)(?: blood)?", RegexOptions.IgnoreCase)]
    private static partial Regex BloodIs { get; }

    [GeneratedRegex($@"^'s (?:(?:new|current|main|old|first) )?(?<what>car|bike|bicycle|motorbike|laptop|computer|phone model|password|passcode|wi-?fi password|pin|pin code|licen[cs]e plate|number plate|passport number|account number|flat number|locker|locker code|door code|safe code|postcode|zip code|blood pressure|eye colou?r|hair colou?r|religion|diet|pronouns|time ?zone|budget|salary|rent|mortgage|commute|major|degree|bedtime|desk|seat|size|shoe size|sign|signature dish|hobby|instrument|therapist's name|emergency contact) {Is} (?!great|fine|broken|boring|hard|not|so|very|really|too|good|bad|awful|dirty|old|slow|killing|going|getting|making|making|in the|at the|being|gone|empty|full|expensive|cheap|nice|amazing|awesome)\S", RegexOptions.IgnoreCase)]
    private static partial Regex Known { get; }

    [GeneratedRegex(@"^ (?:changed|legally changed) (?:my|their|his|her) (?<what>name|surname|last name|phone number|number|password|email|e-mail|address|job title|pronouns) to ", RegexOptions.IgnoreCase)]
    private static partial Regex ChangedTo { get; }

    private static readonly HashSet<string> s_fixed = new(StringComparer.Ordinal)
    {
        "birthday", "birth year", "blood type", "maiden name", "wedding date", "anniversary", "native language", "star sign", "eye colour",
    };

    private static readonly Dictionary<string, string> s_sameAs = new(StringComparer.Ordinal)
    {
        ["birth date"] = "birthday", ["birthdate"] = "birthday", ["date of birth"] = "birthday", ["blood group"] = "blood type", ["wedding"] = "wedding date", ["wedding anniversary"] = "anniversary",
        ["mother tongue"] = "native language", ["first language"] = "native language", ["zodiac sign"] = "star sign", ["sign"] = "star sign", ["e-mail"] = "email", ["email address"] = "email",
        ["phone"] = "phone number", ["mobile"] = "phone number", ["mobile number"] = "phone number", ["cell"] = "phone number", ["cell phone number"] = "phone number", ["cell number"] = "phone number",
        ["telephone number"] = "phone number", ["telephone"] = "phone number", ["number"] = "phone number", ["mobile phone number"] = "phone number", ["last name"] = "surname", ["family name"] = "surname",
        ["hometown"] = "home town", ["first name"] = "name", ["eye color"] = "eye colour", ["hair color"] = "hair colour", ["body weight"] = "weight",
    };

    /// <param name="said">A fact without its subject: "'s name is Ana".</param>
    /// <returns>Null when it sets nothing.</returns>
    internal static Topic? Of(string said)
    {
        if (Born.Match(said) is { Success: true } born)
            return Fixed(born.Groups["year"].Success ? "birth year" : "birthday");
        if (Wed.IsMatch(said))
            return Fixed("wedding date");
        if (BloodIs.IsMatch(said))
            return Fixed("blood type");
        foreach (Regex pattern in (Regex[])[Favourite, Blood, Dated, Named, Mailed, Numbered, Known, ChangedTo])
        {
            if (pattern.Match(said) is { Success: true } match && AttributeOf(match.Groups["what"].Value) is { } what)
                return new Topic(what.StartsWith("favourite", StringComparison.Ordinal) ? MemoryKind.Preference : MemoryKind.Profile, what, what == "name" ? 0.9 : 0.8) { IsFixed = s_fixed.Contains(what) };
        }

        return null;
    }

    private static Topic Fixed(string attribute) => new(MemoryKind.Profile, attribute, 0.8) { IsFixed = true };

    // "My goal is 5 km" is a goal, and "my kids are 4 and 6" says no number of one thing.
    private static string? AttributeOf(string said)
    {
        string what = said.ToLowerInvariant().Replace("favorite", "favourite", StringComparison.Ordinal);
        return what.Contains("goal", StringComparison.Ordinal) || what.Contains("target", StringComparison.Ordinal) || Regex.IsMatch(what, $"^(?:{Roles.Pattern})s?$|^there$|children")
            ? null : s_sameAs.GetValueOrDefault(what, what);
    }
}
