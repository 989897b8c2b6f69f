using System.Text.RegularExpressions;
using Memory.Core.LongTerm;
using Memory.Models.Builtin;

namespace Memory.Core.Ingestion.Extraction.Rules;

/// <summary>Diet, allergies and illnesses.</summary>
internal static partial class Bodies
{
    private const string Is = $@"^ (?:{EnglishVerbs.Adverb} )*(?:is|became|has become|has been|went|has gone|turned|turned into|is going|has turned|identifies as) (?:an? )?(?:{EnglishVerbs.Adverb} |not |strict |committed |strictly |practi[cs]ally |basically |mostly |lifelong )*";

    [GeneratedRegex($@"{Is}(?:vegetarian|vegan|pescatarian|pescetarian|veggie|flexitarian|gluten[- ]free|lactose[- ]free|dairy[- ]free|plant[- ]based|keto|paleo|kosher|halal|teetotal|a teetotaller|an omnivore|omnivore)\b|^ (?:{EnglishVerbs.Adverb} )*(?:eats? (?:everything|anything|no (?:meat|fish|animal products|dairy|gluten|pork|beef)|only (?:plants?|vegetables|veggie|vegetarian|vegan|halal|kosher)|(?:a |mostly |only )?(?:\w+ )?(?:vegan|vegetarian|veggie|plant-based|halal|kosher|keto|low-carb|gluten-free)(?: food| diet| meals)?|meat|fish|pork|beef)\b|(?:doesn't|does not|can't|cannot) eat (?:any )?(?:meat|fish|pork|beef|animal|dairy|gluten|anything)|avoids (?:meat|dairy|gluten|pork)|follows an? (?:[\w-]+ ){{0,2}}diet|is on an? [\w-]+ diet|keeps kosher|no longer eats (?:meat|fish|pork|beef|dairy|gluten)|(?:stopped|quit|gave up) (?:eating )?(?:meat|fish|pork|beef|dairy|gluten)|is no longer (?:an? )?(?:vegan|vegetarian|pescatarian)|started eating (?:meat|fish) again|isn't (?:an? )?(?:vegan|vegetarian|pescatarian))|^'s diet is ", RegexOptions.IgnoreCase)]
    private static partial Regex Diet { get; }

    [GeneratedRegex($@"^ (?:{EnglishVerbs.Adverb} )*(?:is|isn't|became|has become|is no longer|turned out to be|found out (?:that )?(?:they|he|she) (?:are|is)) (?:{EnglishVerbs.Adverb} |badly |deathly )*allergic to (?<what>[\w' ,-]{{2,60}})|^ has (?:an? )?(?:\w+ )?allergy to (?<what>[\w' -]{{2,40}})|^ has (?:an? )?(?:severe |bad |serious )?(?<what>\w+(?: \w+)?) allergy|^ (?:can't|doesn't) tolerate (?<what>[\w -]{{2,30}})|^ is (?<what>lactose|gluten|fructose|histamine)[- ]intolerant", RegexOptions.IgnoreCase)]
    private static partial Regex Allergy { get; }

    [GeneratedRegex($@"{Is}(?:allergic|intolerant|\w+[- ]intolerant|diabetic|pregnant|asthmatic|epileptic|colou?r-?blind|deaf|blind|dyslexic|autistic|anaemic|anemic|coeliac|celiac|short-sighted|nearsighted|left-handed|disabled|sober|transgender|trans)\b|^ (?:{EnglishVerbs.Adverb} )*(?:has|suffers from|was diagnosed with|got diagnosed with|has been diagnosed with|takes? (?:medication|tablets|pills|insulin) for|struggles with|is being treated for|lives with) (?:an? |type \d |chronic |mild |severe |my |their |high |low )*(?:diabetes|asthma|epilepsy|adhd|add|autism|dyslexia|depression|anxiety|arthritis|migraines?|eczema|psoriasis|hay fever|high blood pressure|hypertension|blood pressure|cholesterol|ibs|crohn's|coeliac|celiac|anaemia|anemia|cancer|insomnia|tinnitus|scoliosis|back pain|a bad back|bad knees?|heart condition|thyroid|hypothyroidism|endometriosis|pcos|ptsd|ocd|bipolar)\b|^ takes? (?:insulin|[\w-]+ (?:tablets|pills|medication))", RegexOptions.IgnoreCase)]
    private static partial Regex Condition { get; }

    [GeneratedRegex(@"^ (?:has (?:got )?(?:an? |the )?(?:bad |terrible |nasty |slight |mild |stomach |head |sinus |chest |ear )*(?:cold|flu|fever|headache|migraine|sore throat|cough|covid|stomach bug|bug|food poisoning|hangover|tummy ache|toothache|backache|infection|stomach ache)|is (?:(?:really|quite|still|feeling|a bit|very) )*(?:sick|ill|unwell|poorly|under the weather|jet-?lagged|down with [\w ]+|off sick|in hospital|in quarantine)|(?:caught|came down with|is coming down with) (?:an? |the )?(?:cold|flu|covid|bug|something)|(?:sprained|broke|twisted|hurt|pulled|injured) (?:my|their|his|her) \w+)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Passing { get; }

    private const int DaysOfIllness = 14;

    internal static Topic? Of(string said)
    {
        if (Diet.IsMatch(said))
            return new Topic(MemoryKind.Profile, "diet", 0.8);
        if (Allergy.Match(said) is { Success: true } allergy)
            return new Topic(MemoryKind.Profile, Likings.KeyOf(allergy.Groups["what"].Value) is { } what ? $"allergy to {what}" : null, 0.8);
        if (Condition.IsMatch(said))
            return new Topic(MemoryKind.Profile, null, 0.8);
        return Passing.IsMatch(said) ? new Topic(MemoryKind.Event, null, 0.5) { Days = DaysOfIllness } : null;
    }
}
