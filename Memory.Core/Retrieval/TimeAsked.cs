using System.Globalization;
using System.Text.RegularExpressions;

namespace Memory.Core.Retrieval;

/// <summary>What a question says of time.</summary>
/// <param name="IsWanted">Whether it asks for a time: when, how long, which year.</param>
/// <param name="First">The first day it is about; a year of 1: of any year. Null: it names no time.</param>
/// <param name="Last">The last such day.</param>
public sealed partial record TimeAsked(bool IsWanted, DateOnly? First, DateOnly? Last)
{
    /// <summary>Days after which closeness to the time asked for is e⁻¹: of a day or a month, and of a year.</summary>
    private const double Near = 10;
    private const double NearYear = 60;

    [GeneratedRegex(@"\b(?:when|how long|how recently|since when|(?:what|which) (?:year|month|week|date|day|time)s?)\b", RegexOptions.IgnoreCase)]
    private static partial Regex AsksForTime { get; }

    [GeneratedRegex($@"\b(?:(?<d>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?)?(?<m>{Calendar.Months})\b(?: (?<d>\d{{1,2}})(?:st|nd|rd|th)?\b)?(?:,? (?<y>(?:19|20)\d\d)\b)?", RegexOptions.IgnoreCase)]
    private static partial Regex Dated { get; }

    [GeneratedRegex(@"\b(?<y>(?:19|20)\d\d)-(?<m>\d\d)-(?<d>\d\d)\b")]
    private static partial Regex Iso { get; }

    [GeneratedRegex(@"\b(?:19|20)\d\d\b")]
    private static partial Regex Year { get; }

    [GeneratedRegex($@"\b(?:yesterday|today|tonight|tomorrow|ago|recently|weekend|last (?:night|week|month|year|summer|winter|spring|fall|autumn)|next (?:week|month|year|summer|winter|spring|fall|autumn)|this (?:week|month|year|morning|summer|winter|spring|fall|autumn)|(?:an?|two|three|four|five|six|few|couple of|\d+) (?:hour|day|week|month|year)s?|{Calendar.Weekdays}|(?:in|on|of|since|until|by) May|January|February|March|April|June|July|August|September|October|November|December|(?:19|20)\d\d)\b", RegexOptions.IgnoreCase)]
    private static partial Regex TimeWord { get; }

    /// <summary>Whether a text says when.</summary>
    internal static bool SaysWhen(string text) => TimeWord.IsMatch(text);

    /// <param name="now">Against which "last week" is meant.</param>
    public static TimeAsked In(string question, DateTimeOffset now)
    {
        (DateOnly First, DateOnly Last)? named = OfDate(question) ?? OfMonth(question) ?? OfYear(question) ?? Relative(question, now);
        return new TimeAsked(AsksForTime.IsMatch(question), named?.First, named?.Last);
    }

    /// <summary>1: of the time asked for; less the further from it. 0 where no time is named.</summary>
    internal double Closeness(DateTimeOffset at)
    {
        if (First is not { } first || Last is not { } last)
            return 0;
        var day = DateOnly.FromDateTime(at.UtcDateTime);
        // Of any year: the nearest one counts.
        double days = first.Year > 1 ? Days(day, first, last)
            : Enumerable.Range(-1, 3).Min(shift => Days(day, Moved(first, day.Year + shift), Moved(last, day.Year + shift)));
        bool isYear = last.DayNumber - first.DayNumber > 300;
        return Math.Exp(-days / (isYear ? NearYear : Near));
    }

    private static double Days(DateOnly day, DateOnly first, DateOnly last) =>
        day < first ? first.DayNumber - day.DayNumber : day > last ? day.DayNumber - last.DayNumber : 0;

    private static DateOnly Moved(DateOnly date, int year)
    {
        int within = Math.Clamp(year, 1, 9999);
        return new DateOnly(within, date.Month, Math.Min(date.Day, DateTime.DaysInMonth(within, date.Month)));
    }

    private static (DateOnly, DateOnly)? OfDate(string question) =>
        Iso.Match(question) is { Success: true } iso && Calendar.Date(Int(iso, "y"), Int(iso, "m"), Int(iso, "d")) is { } day ? (day, day) : null;

    private static (DateOnly, DateOnly)? OfMonth(string question)
    {
        foreach (Match match in Dated.Matches(question))
        {
            bool hasDay = match.Groups["d"].Success;
            bool hasYear = match.Groups["y"].Success;
            // "may" alone is a verb more often than a month, and so is "march".
            if (!hasDay && !hasYear && match.Groups["m"].Value is not [>= 'A' and <= 'Z', ..])
                continue;
            int month = Calendar.MonthOf(match.Groups["m"].Value);
            int year = hasYear ? Int(match, "y") : 1;
            if (hasDay && Calendar.Date(hasYear ? year : 4, month, Int(match, "d")) is { } day)
                return (day.AddYears(year - day.Year), day.AddYears(year - day.Year));
            return (new DateOnly(year, month, 1), new DateOnly(year, month, DateTime.DaysInMonth(year, month)));
        }

        return null;
    }

    private static (DateOnly, DateOnly)? OfYear(string question) => Year.Match(question) is { Success: true } year
        ? (new DateOnly(int.Parse(year.Value, CultureInfo.InvariantCulture), 1, 1), new DateOnly(int.Parse(year.Value, CultureInfo.InvariantCulture), 12, 31))
        : null;

    private static (DateOnly, DateOnly)? Relative(string question, DateTimeOffset now) =>
        TimeWords.Read(question, now, isHabit: false) is { From: { } from } timed ? (from, timed.Until ?? from) : null;

    private static int Int(Match match, string group) => int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);
}
