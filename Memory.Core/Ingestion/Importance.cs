using System.Text.RegularExpressions;
using Memory.Core.Episodic;

namespace Memory.Core.Ingestion;

/// <summary>
/// How much a message is worth remembering, 0..1, by cheap rules: what stays below the threshold costs nothing more.
/// </summary>
public static partial class Importance
{
    private const int LongestSmallTalk = 80;

    [GeneratedRegex(@"\b(remember|don't forget|do not forget|keep in mind|note that|for the record|from now on|just so you know)\b", RegexOptions.IgnoreCase)]
    private static partial Regex ExplicitCue { get; }

    [GeneratedRegex(@"\b(I|I'm|I've|my|mine|we|we're|our)\b", RegexOptions.IgnoreCase)]
    private static partial Regex FirstPerson { get; }

    [GeneratedRegex(@"\b(prefer|favou?rite|love|like|enjoy|hate|dislike|can't stand|allergic|vegetarian|vegan)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Preference { get; }

    [GeneratedRegex(@"\b(moved|changed|switched|started|quit|stopped|no longer|not any ?more|anymore|instead|now|new|got|became|born|married|engaged|divorced|broke up|promoted|hired|fired|retired|rescheduled|cancell?ed|postponed)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Change { get; }

    [GeneratedRegex(@"\b(goal|plan|planning|want to|going to|need to|have to|must|deadline|by (monday|tuesday|wednesday|thursday|friday|saturday|sunday)|appointment|birthday|anniversary)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Plan { get; }

    [GeneratedRegex(@"(?<!^)(?<![.!?]\s)\b[A-Z][a-z]+\b|\d")]
    private static partial Regex NameOrNumber { get; }

    // Its open ends overlap, so it may only ever see a short text.
    [GeneratedRegex(@"^\W*(hi|hello|hey|thanks|thank you|ok|okay|yes|no|yeah|yep|nope|sure|great|cool|nice|wow|lol|haha|bye|goodbye|good (morning|evening|night)|see you|you're welcome|sounds good|got it|how are you)\b[^.!?]{0,20}[.!?]*\W*$", RegexOptions.IgnoreCase)]
    private static partial Regex SmallTalk { get; }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces { get; }

    public static double Score(Episode episode)
    {
        string text = Spaces.Replace(episode.Content, " ");
        if (text.Length <= LongestSmallTalk && SmallTalk.IsMatch(text))
            return 0;
        var score = 0.1;
        if (ExplicitCue.IsMatch(text))
            score += 0.6;
        if (FirstPerson.IsMatch(text))
            score += 0.25;
        if (Preference.IsMatch(text))
            score += 0.15;
        if (Change.IsMatch(text))
            score += 0.1;
        if (Plan.IsMatch(text))
            score += 0.15;
        if (NameOrNumber.IsMatch(text))
            score += 0.1;
        return Math.Min(1, score);
    }
}
