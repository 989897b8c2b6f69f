using System.Text.RegularExpressions;
using Memory.Core.Episodic;
using Memory.Core.Ingestion.Extraction;

namespace Memory.Core.Ingestion;

/// <summary>How much a message is worth remembering.</summary>
/// <param name="Score">0..1, higher matters more.</param>
/// <param name="Reasons">What made it so, in fixed words.</param>
public sealed record MessageImportance(double Score, IReadOnlyList<string> Reasons);

/// <summary>
/// How much a message is worth remembering, 0..1, by cheap rules on the message alone: what stays below the threshold costs
/// nothing more.
/// </summary>
public static partial class Importance
{
    private const int LongestSmallTalk = 80;
    private const double Base = 0.1;

    // What of a long message tells how much it matters stands in its first part.
    private const int LongestRead = 20_000;

    [GeneratedRegex(@"\b(?:remember|don't forget|do not forget|keep in mind|bear in mind|note that|make a note|for the record|just so you know|remind me|write (?:this|that) down)\b", RegexOptions.IgnoreCase)]
    private static partial Regex AsksToRemember { get; }

    [GeneratedRegex(@"\b(?:from now on|going forward|in (?:the )?future|always|never|call me|(?:don't|do not|stop|avoid) (?:use|using|call|calling|add|adding|mention|mentioning|send|sending|suggest|suggesting)|(?:answer|reply|respond|speak|write|talk) (?:to )?(?:me )?in|keep (?:your|it|the) \w+|be (?:more |less )?(?:brief|concise|formal|informal|direct)|no emojis?|use (?:only )?(?:metric|imperial|british|american|celsius|bullet|simple|plain|short))\b", RegexOptions.IgnoreCase)]
    private static partial Regex Instructs { get; }

    [GeneratedRegex(@"\b(?:I|I'm|I've|I'll|I'd|im|ive|my|mine|me|myself|we|we're|we've|our|us)\b", RegexOptions.IgnoreCase)]
    private static partial Regex OfThemselves { get; }

    [GeneratedRegex(@"\b(?:prefer|favou?rite|love|like|enjoy|adore|hate|dislike|can't stand|detest|fond of|a fan of|allergic|vegetarian|vegan|intolerant)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Preference { get; }

    [GeneratedRegex(@"\b(?:moved|moving|changed|switched|started|quit|stopped|gave up|left|no longer|not any ?more|any ?more|instead|now|new|became|born|married|engaged|divorced|broke up|promoted|hired|fired|retired|rescheduled|cancell?ed|postponed|correction|actually|i meant)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Change { get; }

    [GeneratedRegex(@"\b(?:goal|plan|planning|want to|going to|need to|have to|must|hope to|deadline|by (?:monday|tuesday|wednesday|thursday|friday|saturday|sunday)|appointment|birthday|anniversary|tomorrow|next (?:week|month|year|\w+day))\b", RegexOptions.IgnoreCase)]
    private static partial Regex Plan { get; }

    [GeneratedRegex($@"\b(?:my|our|an?) (?:\w+ )?{Roles.Pattern}\b", RegexOptions.IgnoreCase)]
    private static partial Regex Relationship { get; }

    // The first word of a sentence is in capitals whatever it is, unless it does what only people do.
    [GeneratedRegex(@"(?<!^)(?<![.!?\n]\s)\b(?!I\b)\p{Lu}\p{Ll}+\b|^\p{Lu}\p{Ll}+(?: \p{Lu}\p{Ll}+)?(?:'s \w+ is| (?:is (?:an?|my|from|allergic|vegan|vegetarian|married|\d)|lives|works|loves|likes|hates|has|plays|speaks|moved|was born|and I|studies|prefers|got))\b")]
    private static partial Regex Name { get; }

    [GeneratedRegex(@"\d")]
    private static partial Regex Number { get; }

    [GeneratedRegex(@"^(?:\s|[-*•])*(?:[\p{L}' ]{3,20}: ?\S|(?:vegan|vegetarian|allergic|from|live|work|speak|play)\b)", RegexOptions.IgnoreCase)]
    private static partial Regex Entry { get; }

    // Its open ends overlap, so it may only ever see a short text.
    [GeneratedRegex(@"^\W*(?:(?:hi|hiya|hello|hey|thanks|thank you|thx|cheers|ok|okay|k|yes|no|yeah|yep|nope|sure|great|cool|nice|wow|lol|haha|hehe|bye|goodbye|good (?:morning|evening|night|afternoon|idea|point|one|job)|see you|see ya|you're welcome|welcome|sounds good|got it|how are you|perfect|awesome|alright|right|exactly|indeed|true|fine|amazing|lovely|no problem|no worries|take care|have a (?:nice|good|great) \w+|congrats|congratulations|hm+|oh|ah|aha|never mind|same|agreed|will do|makes sense|fair enough|interesting)\b[^.!?]{0,20}[.!?]*\W*){1,4}$", RegexOptions.IgnoreCase)]
    private static partial Regex SmallTalk { get; }

    [GeneratedRegex(@"\b(?:I|I'm|I've|my|we|our|not|no longer|is|are|lives?|works?)\b|\d", RegexOptions.IgnoreCase)]
    private static partial Regex Says { get; }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces { get; }

    /// <summary>Of the message alone, so that it is the same in every batch.</summary>
    public static MessageImportance Score(Episode episode)
    {
        string text = Spaces.Replace(episode.Content.Length > LongestRead ? episode.Content[..LongestRead] : episode.Content, " ").Replace('\u2019', '\'').Trim();
        if (text.Length == 0 || (text.Length <= LongestSmallTalk && SmallTalk.IsMatch(text) && !Says.IsMatch(text) && !Instructs.IsMatch(text) && !IsDone.IsMatch(text)))
            return new MessageImportance(0, ["small talk"]);
        bool forgets = ForgetCue.IsIn(text);
        if (IsQuestion(text) && !forgets && !AsksToRemember.IsMatch(text))
            return new MessageImportance(Base, ["question"]);

        List<(string Reason, double Weight)> found = [.. Cues(text, forgets)];
        return found.Count == 0
            ? new MessageImportance(Base, ["nothing of note"])
            : new MessageImportance(Math.Min(1, Base + found.Sum(cue => cue.Weight)), [.. found.Select(cue => cue.Reason)]);
    }

    [GeneratedRegex(@"\b(?:done|sorted|finished|made it|did it|taken care of|settled|accomplished|nailed it)\b", RegexOptions.IgnoreCase)]
    private static partial Regex IsDone { get; }

    private static IEnumerable<(string Reason, double Weight)> Cues(string text, bool forgets)
    {
        if (AsksToRemember.IsMatch(text))
            yield return ("asks to remember", 0.6);
        if (forgets)
            yield return ("asks to forget", 0.8);
        if (Instructs.IsMatch(text))
            yield return ("instruction", 0.25);
        if (OfThemselves.IsMatch(text) || Entry.IsMatch(text))
            yield return ("about themselves", 0.25);
        if (Preference.IsMatch(text))
            yield return ("preference", 0.15);
        if (Change.IsMatch(text))
            yield return ("change", 0.1);
        if (Plan.IsMatch(text))
            yield return ("plan", 0.15);
        if (IsDone.IsMatch(text))
            yield return ("something done", 0.2);
        if (Relationship.IsMatch(text))
            yield return ("relationship", 0.1);
        if (Name.Match(text) is { Success: true } name)
            yield return ("names somebody or something", name.Index == 0 ? 0.2 : 0.1);
        if (Number.IsMatch(text))
            yield return ("number", 0.1);
    }

    // Nothing but questions: whatever is told besides may be worth keeping.
    private static bool IsQuestion(string text) =>
        text.EndsWith('?') && text.Split('?', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).All(sentence => !sentence.Contains(". ", StringComparison.Ordinal) && !sentence.Contains("! ", StringComparison.Ordinal));
}
