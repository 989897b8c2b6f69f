using System.Text.RegularExpressions;
using Memory.Models.Builtin;

namespace Memory.Core.Ingestion.Extraction;

/// <summary>
/// Whether a statement that no rule is about tells enough to be kept: it stands without the one before it, is not said to
/// the listener, and is more than a mood.
/// </summary>
internal static partial class Worth
{
    private const int FewestWords = 2;

    [GeneratedRegex($@"^ (?:could|would(?! like| love| prefer| rather)|can|gets)\b|^ (?:(?:{EnglishVerbs.Adverb}|really|so|just|totally|absolutely|has|have|had|will|would|can|could) )*(?:feels?|felt|thinks?|thought|guess(?:es)?|hopes?|hoped|believes?|knows?|knew|wonders?|means?|meant|agrees?|sees?|understands?|understood|appreciates?|suppose[sd]?|doubts?|mind|cares?|wish(?:es)?|promises?|bets?|imagines?|figures?|reckons?|remembers?|recalls?|forgot|said|says|asked|mentioned|told|seems?|sounds?|looks?|noticed|realized|realised|gets? (?:it|that|what|why|how)|is (?:(?:so|very|really|just|also|super|truly|always|a bit|pretty|quite|not|too|all|incredibly|totally|absolutely) )*(?:glad|happy|sad|sorry|excited|proud|grateful|thankful|thrilled|curious|sure|afraid|worried|nervous|stressed|tired|bored|lucky|blessed|honou?red|impressed|inspired|amazed|surprised|pleased|delighted|relieved|confused|upset|angry|here|there|back|down|up|fine|good|okay|ok|great|well|done|ready|busy|free|able|right|wrong|kidding|joking|looking forward|feeling|doing|getting|going|trying|wondering|thinking|hoping|working on it|keen|eager|open|game|all ears|in|out|on|off|at a|stuck|lost|overwhelmed|exhausted|motivated|determined|fascinated|amused|touched|moved|speechless|psyched|stoked|pumped|hungry|thirsty|cold|hot|late|early|new|rooting|loving|enjoying)|can(?:'t|not)? (?:wait|believe|imagine|relate|see|tell|help|feel|understand)|couldn't (?:agree|be|believe|have)|is a (?:bit|little|total|huge)|loves? (?:it|that|this|how|your)|doesn't (?:know|think|care|mind|understand|want|get|see|feel|have (?:any|much|a clue))|didn't (?:know|think|mean|realize|realise|expect|want|get|understand|say|see)|gave it|made it|did it|got it|loved it|needs? (?:that|this|it|to)|wants? (?:that|this|it|to)|should|must|may|might|keeps?|is (?:gonna|going to) (?:keep|try|be|do|give|check)|won't|will (?:keep|be|do|try|let|check|definitely|make sure|never|always|get|see|tell|take|think|look|give|have|remember))\b", RegexOptions.IgnoreCase)]
    private static partial Regex Mood { get; }

    // What it is about was said before, or is seen in a picture.
    [GeneratedRegex(@"^ (?:[\w']+ ){1,3}?(?:it|this|that|these|those|one|such|so|there|here)\b(?! (?:morning|afternoon|evening|week|year|month|day)\b)|\b(?:it|that|this|there|one|them|too|either|though|so|those|these)$|\b(?:like (?:that|this)|of (?:it|that|this|them)|about (?:it|that|this|them)|for (?:it|that|this)|with (?:it|that|this)|to (?:it|that|this)|the same|each other)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Dangling { get; }

    [GeneratedRegex(@"\b(?:you|your|yours|yourself|u|ya|y'all|let's|haha|lol)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Listener { get; }

    [GeneratedRegex(@"^'s (?:\w+ ){0,2}?(?:heart|mind|thoughts?|condolences|pleasure|god|goodness|bad|apologies|point|opinion|view|guess|question|mistake|two cents|turn|fault|favou?rites?|best|advice|day|week|weekend|mood|experience)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Phrase { get; }

    // "User's sister Rosa, Rosa for short" says nothing of her.
    [GeneratedRegex(@"^'s .*\b(?:is|are|was|were|has|have|had|isn't|aren't|wasn't|hasn't|will|can|can't|does|doesn't|did|went|got|came|left|broke|lost|won|made|took|gave|\p{L}+ed|\p{L}{3,}s)\b \S", RegexOptions.IgnoreCase)]
    private static partial Regex SaysOfTheirs { get; }

    /// <summary>What is said to the listener, of the two of them, is conversation.</summary>
    internal static bool IsToListener(string content) => Listener.IsMatch(content);

    internal static bool IsKept(string content, string speaker, bool isDated)
    {
        string said = content.StartsWith(speaker, StringComparison.Ordinal) ? content[speaker.Length..] : $" {content}";
        return (!said.StartsWith('\'') || SaysOfTheirs.IsMatch(said)) && !Mood.IsMatch(said) && !Dangling.IsMatch(said) && !Listener.IsMatch(said) && !Phrase.IsMatch(said)
            && ContentWords.Of(said).Count >= (isDated ? FewestWords - 1 : FewestWords) && said.Split(' ').Length > FewestWords;
    }
}
