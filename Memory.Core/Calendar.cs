using System.Globalization;

namespace Memory.Core;

/// <summary>Days, weekdays and months by their English names.</summary>
internal static class Calendar
{
    internal const string Weekdays = "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|Mon|Tue|Tues|Wed|Thu|Thur|Thurs|Fri|Sat|Sun";

    internal const string LongMonths = "January|February|March|April|May|June|July|August|September|October|November|December";

    internal const string Months = LongMonths + "|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec";

    private static readonly string[] s_months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    private static readonly string[] s_weekdays = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

    internal static int MonthOf(string name) => Array.IndexOf(s_months, name[..3].ToLowerInvariant()) + 1;

    internal static DayOfWeek WeekdayOf(string name) => (DayOfWeek)Array.IndexOf(s_weekdays, name[..3].ToLowerInvariant());

    internal static string Day(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    internal static int DaysSinceMonday(DateOnly date) => DaysSinceMonday(date.DayOfWeek);

    internal static int DaysSinceMonday(DayOfWeek day) => ((int)day + 6) % 7;

    /// <summary>The last such weekday before a day.</summary>
    internal static DateOnly Before(DateOnly date, DayOfWeek day) => date.AddDays(-1 - (((int)date.DayOfWeek - 1 - (int)day + 14) % 7));

    /// <summary>The first such weekday after a day.</summary>
    internal static DateOnly After(DateOnly date, DayOfWeek day) => date.AddDays(1 + (((int)day - (int)date.DayOfWeek - 1 + 14) % 7));

    /// <returns>Null: there is no such day.</returns>
    internal static DateOnly? Date(int year, int month, int day) =>
        year is >= 1 and <= 9999 && month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month) ? new DateOnly(year, month, day) : null;

    /// <summary>The last such date up to a day, or the first from it on.</summary>
    internal static DateOnly? Nearest(DateOnly today, int month, int day, bool isPast)
    {
        DateOnly? thisYear = Date(today.Year, month, day);
        return isPast ? thisYear <= today ? thisYear : Date(today.Year - 1, month, day)
            : thisYear >= today ? thisYear : Date(today.Year + 1, month, day);
    }
}
