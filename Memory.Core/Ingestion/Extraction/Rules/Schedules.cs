using System.Text.RegularExpressions;
using Memory.Core.LongTerm;

namespace Memory.Core.Ingestion.Extraction.Rules;

/// <summary>When something takes place, and what it was moved to: "my piano lesson is on Thursday".</summary>
internal static partial class Schedules
{
    private const string When = $@"(?:(?:on |every |each |this |next )?(?:{Calendar.Weekdays})s?\b|(?:at|from|around) (?:\d|noon|midnight|half)|\d{{1,2}}(?:[:.]\d\d)? ?(?:am|pm|o'clock)\b|\d{{1,2}}[:.]\d\d\b|(?:on |in )?(?:the )?(?:\d{{1,2}}(?:st|nd|rd|th)?(?: of)? )?(?:{Calendar.LongMonths})\b|on \d{{4}}-|in the (?:week|morning|afternoon|evening)|in \d{{4}}-|(?:an? )?(?:hour|day|week)s? (?:later|earlier)|tomorrow|in the week of)";

    [GeneratedRegex($@"^'s (?:(?:next|new|weekly|daily|regular) )?(?<what>[\p{{L}}'-]+(?: [\p{{L}}'-]+){{0,3}}?) (?:is|are|takes? place|starts?|begins?|happens?|runs?|falls?|(?:will|is going to) be|got|was|were|has been|have been|has)(?: (?:now|always|usually|actually|scheduled|booked|planned|set|due|moved|rescheduled|changed|shifted|postponed|pushed|pushed back|brought forward|delayed|put off|switched))*(?: (?:for|to|until|till|by|from \w+ to))? {When}", RegexOptions.IgnoreCase)]
    private static partial Regex Takes { get; }

    [GeneratedRegex($@"^ (?:has |have )?(?:moved|rescheduled|changed|shifted|postponed|pushed|switched|pushed back|brought forward) (?:my|their|the|his|her) (?<what>[\p{{L}}'-]+(?: [\p{{L}}'-]+){{0,3}}?) (?:from [\w ]+ )?(?:to|until|till|by|forward to|back to) {When}", RegexOptions.IgnoreCase)]
    private static partial Regex Moved { get; }

    [GeneratedRegex(@"^'s (?:(?:next|weekly) )?(?<what>[\p{L}'-]+(?: [\p{L}'-]+){0,3}?) (?:is|was|has been|got) (?:cancel(?:l)?ed|called off)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Cancelled { get; }

    // These happen once, so that a weekday is a date.
    [GeneratedRegex(@"\b(?:exam|appointment|interview|flight|train|deadline|surgery|operation|wedding|trial|presentation|move|party|viewing|test|graduation|ceremony|funeral|delivery|check-?up|scan|audition|hearing|defen[cs]e|trip|departure|due date|baby)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Once { get; }

    internal static Topic? Of(string said)
    {
        Match match = Takes.Match(said) is { Success: true } takes ? takes : Moved.Match(said) is { Success: true } moved ? moved : Cancelled.Match(said);
        if (!match.Success)
            return null;
        string what = match.Groups["what"].Value.ToLowerInvariant();
        return new Topic(Once.IsMatch(what) ? MemoryKind.Event : MemoryKind.Fact, $"time of {what}", 0.7);
    }

    /// <summary>Whether weekdays in a statement come again: "my lesson is on Tuesday", but not "my exam is on Tuesday".</summary>
    internal static bool IsHabit(string statement) =>
        (statement.StartsWith("My ", StringComparison.OrdinalIgnoreCase) || statement.StartsWith("Our ", StringComparison.OrdinalIgnoreCase) || statement.Contains("'s ", StringComparison.Ordinal) || statement.Contains("birthday", StringComparison.OrdinalIgnoreCase)
            || statement.Contains("born", StringComparison.OrdinalIgnoreCase)) && !Once.IsMatch(statement);
}
