using System.Text.RegularExpressions;
using Memory.Models.Builtin;

namespace Memory.Core.Ingestion.Extraction;

/// <summary>What people say of themselves only to keep a conversation going: "I see", "I'm fine, thanks", "I have to go now".</summary>
internal static partial class Chatter
{
    private const string Subject = $@"^I(?: am|'m|'ve|'d|'ll)?(?: {EnglishVerbs.Adverb})*";
    private const string Tail = @"(?: (?:it|that|this|them|you|so|too|now|then|much|very|a lot|yet|already|again|though|all|soon|not|either|really|completely|with you|with that|any ?more|thanks|thank you))*(?:,.*)?$";

    [GeneratedRegex($@"{Subject} (?:see|agree|disagree|understand|understood|know|knew|think|thought|guess|hope|believe|suppose|doubt|mean|get|got|love|like|hate|want|need|did|do|can|will|have|am|was|bet|promise|apologi[sz]e|appreciate)(?: {EnglishVerbs.Adverb})*{Tail}", RegexOptions.IgnoreCase)]
    private static partial Regex Answer { get; }

    [GeneratedRegex($@"{Subject} (?:don't|do not|didn't|did not|can't|cannot|couldn't)(?: {EnglishVerbs.Adverb})* (?:know|understand|remember|recall|care|mind|see|think|agree|believe|get|want|like|need)(?:{Tail}| (?:why|how|what|when|where|who|if|whether|about)\b)", RegexOptions.IgnoreCase)]
    private static partial Regex Unsure { get; }

    [GeneratedRegex($@"^I(?:'m| am)(?: (?:not|so|very|all|quite|pretty|just|{EnglishVerbs.Adverb}))* (?:fine|ok|okay|good|great|well|here|back|there|ready|done|sure|certain|sorry|afraid|glad|curious|confused|listening|kidding|joking|asking|wondering|saying|bored|busy|tired|in|out|off)(?:{Tail}| (?:to (?:hear|see|know|meet)|that|if|whether|why|how|what)\b)", RegexOptions.IgnoreCase)]
    private static partial Regex Mood { get; }

    [GeneratedRegex($@"^I(?:'ve got to|'d better| gotta| (?:really |just )?(?:have to|need to|must|should|better|want to|got to)) (?:go|leave|run|get going|be going|be off|head out|sleep){Tail}", RegexOptions.IgnoreCase)]
    private static partial Regex Leaving { get; }

    [GeneratedRegex(@"^I(?:'d like| would like| (?:just |only |also )?(?:want|wanted|need|have|was going|am going))? ?(?:to (?:ask|know|say|thank|check something|tell you|show you|talk to you|talk about)|an? (?:quick |small )?question)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Asking { get; }

    [GeneratedRegex($@"^I(?:'m| am) (?:just |now )?(?:going|heading|off) (?:out|home|back|to (?:the \w+|a \w+|bed|sleep|work|lunch|dinner|school))(?: today| tonight)?{Tail}", RegexOptions.IgnoreCase)]
    private static partial Regex OnTheWay { get; }

    internal static bool Is(string statement) =>
        Answer.IsMatch(statement) || Unsure.IsMatch(statement) || Mood.IsMatch(statement)
        || Leaving.IsMatch(statement) || Asking.IsMatch(statement) || OnTheWay.IsMatch(statement);
}
