using System.Globalization;
using System.Text.RegularExpressions;
using Memory.Models.Builtin;

namespace Memory.Core;

/// <summary>When something happened or will, worked out from when it was said.</summary>
/// <param name="Text">The statement with the date in place of words such as "yesterday".</param>
/// <param name="From">The first day meant; null: no day is said.</param>
/// <param name="Until">The last day of a span such as "this week"; null: it is one day, or the end is not said.</param>
internal sealed record Timed(string Text, DateOnly? From, DateOnly? Until);

/// <summary>Reads words of time against the day a statement was made, so that it is right whenever it is read.</summary>
internal static partial class TimeWords
{
    private const int FirstYear = 1_000;
    private const int LastYear = 8_900;
    private const string Number = @"(?<n>\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|a couple of)";
    private const string DayPart = "(?: (?:morning|afternoon|evening|night|lunchtime))?";

    [GeneratedRegex($@"\b(?:(?<before>the day before yesterday)|(?<after>the day after tomorrow)|(?<yesterday>yesterday{DayPart}|last night)|(?<tomorrow>tomorrow{DayPart})|(?<today>(?:earlier )?today|tonight|this (?:morning|afternoon|evening)))\b", RegexOptions.IgnoreCase)]
    private static partial Regex Near { get; }

    [GeneratedRegex($@"\b(?:about |around |roughly )?{Number} (?<unit>day|week|fortnight|month|year)s? ago\b", RegexOptions.IgnoreCase)]
    private static partial Regex Ago { get; }

    [GeneratedRegex(@"\b(?:a few|some|several) (?:days|weeks|months|years) ago\b|\bthe other (?:day|week|night)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Vague { get; }

    [GeneratedRegex($@"\bin (?:about |around )?{Number} (?<unit>day|week|fortnight|month|year)s?(?:['’]s?)?(?: time)?(?= |$|[.,;!])(?! of\b)", RegexOptions.IgnoreCase)]
    private static partial Regex Ahead { get; }

    [GeneratedRegex(@"\b(?:earlier |later |over |during |at )?(?<which>last|this past|this|this coming|next|the coming) (?<unit>week|month|year|weekend)\b(?! of\b)", RegexOptions.IgnoreCase)]
    private static partial Regex Span { get; }

    [GeneratedRegex($@"\b(?:(?<which>last|next|this coming|this past|this|on the following) |on |(?<=\b(?:until|till|through|by) ))(?<day>{Calendar.Weekdays})\b(?!s\b){DayPart}", RegexOptions.IgnoreCase)]
    private static partial Regex Weekday { get; }

    [GeneratedRegex($@"\b(?:on )?(?:the )?(?:(?<d>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?<m>{Calendar.Months})|(?<m>{Calendar.Months}) (?:the )?(?<d>\d{{1,2}})(?:st|nd|rd|th)?)\b(?:,? (?<y>(?:19|20)\d\d)\b)?(?! ?[-–:/]\d)", RegexOptions.IgnoreCase)]
    private static partial Regex Dated { get; }

    [GeneratedRegex(@"\b(?:on )?(?<y>(?:19|20)\d\d)-(?<m>\d\d)-(?<d>\d\d)\b")]
    private static partial Regex Iso { get; }

    [GeneratedRegex($@"\b(?<how>in|since|back in|until|till|by|last|next|this) (?<m>{Calendar.LongMonths})(?: (?:of )?(?<y>(?:19|20)\d\d))?\b(?! \d)")]
    private static partial Regex Month { get; }

    [GeneratedRegex(@"\b(?<how>in|since|back in) (?<y>(?:19|20)\d\d)\b(?! ?[\p{L}€$£%])", RegexOptions.IgnoreCase)]
    private static partial Regex Year { get; }

    /// <param name="at">When it was said; the day is that of its own offset.</param>
    /// <param name="isHabit">Weekdays and dates without a year come again, as those of lessons and birthdays do: they stay.</param>
    internal static Timed Read(string statement, DateTimeOffset at, bool isHabit)
    {
        // Reckoning from a day near either end of the calendar would leave it.
        if (at.Year is < FirstYear or > LastYear)
            return new Timed(statement, null, null);
        var today = DateOnly.FromDateTime(at.DateTime);
        bool isPast = Tense.IsPast(statement);
        return OfNear(statement, today) ?? OfAgo(statement, today) ?? (isPast ? null : OfAhead(statement, today)) ?? OfSpan(statement, today)
            ?? (isHabit ? null : OfWeekday(statement, today, isPast)) ?? OfDate(statement, today, isPast, isHabit) ?? OfMonth(statement, today, isPast)
            ?? OfYear(statement) ?? OfVague(statement, today) ?? new Timed(statement, null, null);
    }

    private static Timed? OfNear(string text, DateOnly today) => Near.Match(text) is not { Success: true } near ? null
        : At(text, near, today.AddDays(near.Groups["before"].Success ? -2 : near.Groups["yesterday"].Success ? -1 : near.Groups["today"].Success ? 0 : near.Groups["tomorrow"].Success ? 1 : 2));

    private static Timed? OfAgo(string text, DateOnly today) => Ago.Match(text) is { Success: true } ago
        ? Shifted(text, ago, today, -NumberOf(ago.Groups["n"].Value), ago.Groups["unit"].Value) : null;

    private static Timed? OfAhead(string text, DateOnly today) => Ahead.Match(text) is { Success: true } ahead
        ? Shifted(text, ahead, today, NumberOf(ahead.Groups["n"].Value), ahead.Groups["unit"].Value) : null;

    private static Timed Shifted(string text, Match match, DateOnly today, int n, string unit) => unit.ToLowerInvariant() switch
    {
        "day" => At(text, match, today.AddDays(n)),
        "week" => Put(text, match, $"around {Calendar.Day(today.AddDays(7 * n))}", today.AddDays(7 * n), null),
        "fortnight" => Put(text, match, $"around {Calendar.Day(today.AddDays(14 * n))}", today.AddDays(14 * n), null),
        "month" => InMonth(text, match, today.AddMonths(n)),
        _ => Put(text, match, $"in {today.Year + n}", new DateOnly(Math.Clamp(today.Year + n, 1, 9999), 1, 1), null),
    };

    private static Timed? OfSpan(string text, DateOnly today)
    {
        if (Span.Match(text) is not { Success: true } span)
            return null;
        int n = span.Groups["which"].Value.ToLowerInvariant() switch { "last" or "this past" => -1, "next" or "the coming" => 1, _ => 0 };
        DateOnly monday = today.AddDays(-Calendar.DaysSinceMonday(today) + 7 * n);
        return span.Groups["unit"].Value.ToLowerInvariant() switch
        {
            "week" => Put(text, span, $"in the week of {Calendar.Day(monday)}", monday, monday.AddDays(6)),
            "weekend" => Put(text, span, $"on the weekend of {Calendar.Day(monday.AddDays(5))}", monday.AddDays(5), monday.AddDays(6)),
            "month" => InMonth(text, span, today.AddMonths(n)),
            _ => Put(text, span, $"in {today.Year + n}", new DateOnly(today.Year + n, 1, 1), new DateOnly(today.Year + n, 12, 31)),
        };
    }

    private static Timed? OfWeekday(string text, DateOnly today, bool isPast)
    {
        if (Weekday.Match(text) is not { Success: true } weekday)
            return null;
        string which = weekday.Groups["which"].Value.ToLowerInvariant();
        DayOfWeek day = Calendar.WeekdayOf(weekday.Groups["day"].Value);
        DateOnly date = which switch
        {
            "last" or "this past" => Calendar.Before(today, day),
            // Said on a Wednesday, "next Friday" is not the day after tomorrow.
            "next" => today.AddDays(7 - Calendar.DaysSinceMonday(today)).AddDays(Calendar.DaysSinceMonday(day)),
            _ => isPast ? Calendar.Before(today.AddDays(1), day) : Calendar.After(today, day),
        };
        return At(text, weekday, date);
    }

    private static Timed? OfDate(string text, DateOnly today, bool isPast, bool isHabit)
    {
        if (Iso.Match(text) is { Success: true } iso && Calendar.Date(Int(iso, "y"), Int(iso, "m"), Int(iso, "d")) is { } exact)
            return new Timed(text, exact, null);
        if (Dated.Match(text) is not { Success: true } dated)
            return null;
        int month = Calendar.MonthOf(dated.Groups["m"].Value);
        if (dated.Groups["y"].Success)
            return Calendar.Date(Int(dated, "y"), month, Int(dated, "d")) is { } full ? new Timed(text, full, null) : null;
        return !isHabit && Calendar.Nearest(today, month, Int(dated, "d"), isPast) is { } date ? At(text, dated, date) : null;
    }

    private static Timed? OfMonth(string text, DateOnly today, bool isPast)
    {
        if (Month.Match(text) is not { Success: true } match)
            return null;
        int month = Calendar.MonthOf(match.Groups["m"].Value);
        string how = match.Groups["how"].Value;
        if (how is "until" or "till" or "by")
            return null;
        bool isBack = isPast || how is "since" or "last" or "back in";
        DateOnly first = match.Groups["y"].Success ? new DateOnly(Int(match, "y"), month, 1)
            : new DateOnly(isBack ? month > today.Month || (how == "last" && month == today.Month) ? today.Year - 1 : today.Year : month < today.Month ? today.Year + 1 : today.Year, month, 1);
        return Put(text, match, $"{(how is "since" ? "since" : "in")} {match.Groups["m"].Value} {first.Year}", first, how == "since" ? null : first.AddMonths(1).AddDays(-1));
    }

    private static Timed? OfYear(string text) => Year.Match(text) is { Success: true } year
        ? new Timed(text, new DateOnly(Int(year, "y"), 1, 1), null) : null;

    private static Timed? OfVague(string text, DateOnly today) => Vague.Match(text) is { Success: true } vague
        ? Put(text, vague, vague.Value.EndsWith("ago", StringComparison.OrdinalIgnoreCase) ? $"{vague.Value[..^4]} before {Calendar.Day(today)}" : $"shortly before {Calendar.Day(today)}", null, null)
        : null;

    private static Timed At(string text, Match match, DateOnly date) => Put(text, match, $"on {Calendar.Day(date)}", date, null);

    private static Timed InMonth(string text, Match match, DateOnly day) =>
        Put(text, match, $"in {day.ToString("yyyy-MM", CultureInfo.InvariantCulture)}", new DateOnly(day.Year, day.Month, 1), new DateOnly(day.Year, day.Month, 1).AddMonths(1).AddDays(-1));

    private static Timed Put(string text, Match match, string words, DateOnly? from, DateOnly? until)
    {
        string before = text[..match.Index];
        // "on tomorrow", "for next Friday": the date brings its own preposition.
        foreach (string preposition in (string[])["on ", "for ", "at ", "by ", "until ", "till ", "since ", "from "])
        {
            if (before.EndsWith($" {preposition}", StringComparison.OrdinalIgnoreCase))
                return new Timed($"{before}{(preposition is "on " or "at " ? words : words[(words.IndexOf(' ', StringComparison.Ordinal) + 1)..])}".Replace(" on on ", " on ", StringComparison.Ordinal) + text[(match.Index + match.Length)..], from, until);
        }

        // What opens a sentence stands behind it in a fact: "Yesterday I flew home".
        return before.Length == 0
            ? new Timed($"{text[match.Length..].TrimStart(' ', ',')} {words}", from, until)
            : new Timed($"{before}{words}{text[(match.Index + match.Length)..]}", from, until);
    }

    private static int Int(Match match, string group) => int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    private static int NumberOf(string word) => Numbers.Of(word) ?? 1;
}
