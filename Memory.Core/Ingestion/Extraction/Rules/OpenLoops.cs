using System.Text.RegularExpressions;
using Memory.Core.LongTerm;

namespace Memory.Core.Ingestion.Extraction.Rules;

/// <summary>What is still to be done, and what somebody waits for.</summary>
internal static partial class OpenLoops
{
    internal const string Slot = "to do: ";

    [GeneratedRegex(@"^ (?:(?:still|really|also|just|definitely|probably) )*(?:needs? to|has (?:got )?to|has yet to|must|should(?: really)?|ought to|had better|is supposed to|was supposed to|(?:can't|mustn't|must not|doesn't want to) forget to|forgot to|keeps forgetting to|meant to|has been meaning to|is due to|promised (?:(?:my|their|the|his|her) )?(?:\w+ ){0,2}?(?:to|that (?:I|they)(?: will|'d| would)?)|intends to) (?:(?:still|really|also|remember to|finally) )*(?<what>\w+ .+|\w{4,})$", RegexOptions.IgnoreCase)]
    private static partial Regex Needs { get; }

    [GeneratedRegex(@"^ (?:(?:still|also) )*(?:owes?|is waiting (?:for|on|to hear)|awaits|is still waiting (?:for|on|to hear)|has an? (?:unpaid|outstanding|unanswered|pending|open|overdue|unfinished) )(?: (?<what>.+)|(?<what>.+))$", RegexOptions.IgnoreCase)]
    private static partial Regex Owes { get; }

    [GeneratedRegex(@"^ (?:hasn't|has not|haven't|didn't) (?:(?:actually|really) )?(?<what>(?!done|been|tried|seen|had|met|decided|thought|found|heard|eaten|slept|given up)\w+(?:ed|en|t|ne|ld|de|id|nt|wn)\b .+?|(?:got|get) (?:around|round) to .+?)(?: yet| still| so far)$", RegexOptions.IgnoreCase)]
    private static partial Regex NotYet { get; }

    // Said of what is always so, or of nothing in particular.
    [GeneratedRegex(@"^(?:be|go|leave|run|say|admit|know|see|get going|think|ask (?:you|a)|tell (?:you|someone)|have|agree|relax|rest|sleep|believe|keep|stop|take (?:a|some|care)|feel|do (?:it|that|this|something|better|more)|find (?:a|some|time)|check (?:it|that) out|wake up|get up|work (?:on|hard)|make (?:sure|time)|remind (?:you|myself)|let|look (?:it|that)|try|share|catch up|hear|face|focus|stay|push|enjoy|appreciate|mention|take time|take it|get enough|prepare (?:emotionally|for)|remember|admit|learn to|give (?:it|myself)|wait|go(?: back)? (?:home|now|there|to (?:bed|work|sleep)))\b", RegexOptions.IgnoreCase)]
    private static partial Regex NoTask { get; }

    [GeneratedRegex(@"\b(?:it|that|this|them|you|your|anything|something|everything|nothing)$|\b(?:you|your|yourself|each other|everything turns)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Vague { get; }

    internal static Topic? Of(string said)
    {
        Match match = Needs.Match(said) is { Success: true } needs ? needs : Owes.Match(said) is { Success: true } owes ? owes : NotYet.Match(said);
        if (!match.Success)
            return null;
        string what = match.Groups["what"].Value;
        bool isTask = !((said.Contains(" to ", StringComparison.Ordinal) || said.Contains(" must ", StringComparison.Ordinal) || said.Contains(" should ", StringComparison.Ordinal)) && NoTask.IsMatch(what));
        return isTask && !Vague.IsMatch(what) && ContentWords.Of(what).Count > 0 ? new Topic(MemoryKind.OpenLoop, SlotOf(what), 0.6) : null;
    }

    /// <summary>What is asked to be reminded of, as a fact of the speaker's.</summary>
    internal static string SlotOf(string action) => $"{Slot}{ContentWords.Key(action, 5)}";
}
