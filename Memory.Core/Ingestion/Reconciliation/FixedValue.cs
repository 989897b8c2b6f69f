using System.Text.RegularExpressions;
using Memory.Core.Ingestion.Extraction;
using Memory.Core.LongTerm;
using Memory.Models.Builtin;

namespace Memory.Core.Ingestion.Reconciliation;

/// <summary>
/// What has one value for good, as a birthday has. Another value without a word that the first was wrong contradicts it:
/// both stay.
/// </summary>
internal static partial class FixedValue
{
    [GeneratedRegex($@"\b(?:(?<d>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?<m>{Calendar.Months})|(?<m>{Calendar.Months}) (?:the )?(?<d>\d{{1,2}})(?:st|nd|rd|th)?)\b", RegexOptions.IgnoreCase)]
    private static partial Regex DayAndMonth { get; }

    [GeneratedRegex(@"\b(?:19|20)\d\d\b")]
    private static partial Regex Year { get; }

    private static readonly HashSet<string> s_frame = new(StringComparer.Ordinal)
    {
        "birthday", "born", "birth", "date", "married", "wedding", "anniversary", "blood", "type", "group", "maiden", "name", "native", "language", "mother", "tongue", "star", "sign", "eye", "colour",
        "color", "celebrates", "actually", "place", "user", "first", "year",
    };

    /// <param name="slot">What is known of it, the person's own word first; at least one.</param>
    /// <returns>Null: it was merely read, and the person said another.</returns>
    internal static IReadOnlyList<MemoryOperation>? Decide(Fact fact, IReadOnlyList<MemoryRecord> slot, DateTimeOffset now)
    {
        MemoryRecord? same = slot.FirstOrDefault(memory => AreTheSame(memory.Content, fact.Content));
        if (fact.IsCorrection && slot.All(memory => memory.UpdatedAt <= fact.At && (fact.Trusted || !memory.Trusted)))
            return Corrected(fact, same, slot);
        if (same is not null)
            return [(same.HasExpired(now) && Repetition.Confirms(fact, same)) || IsMore(fact, same)
                ? new MemoryOperation.Update(same, Relabelled.As(same, fact), "the same, said more exactly")
                : new MemoryOperation.None(same.Id, fact, "already known") { IsRestated = Repetition.Confirms(fact, same) }];
        if (slot[0].Trusted && !fact.Trusted)
            return null;
        MemoryOperation.Add added = BuiltinReconciler.New(fact, now);
        return [added, .. slot.Select(memory =>
            new MemoryOperation.Conflict(memory.Id, added.Id, fact, $"two values of {fact.Attribute}") { OwnReason = "two values of what has one" })];
    }

    private static IReadOnlyList<MemoryOperation> Corrected(Fact fact, MemoryRecord? same, IReadOnlyList<MemoryRecord> slot)
    {
        MemoryRecord kept = same ?? slot[0];
        return
        [
            same is not null ? new MemoryOperation.None(same.Id, fact, "already known") { IsRestated = Repetition.Confirms(fact, same) }
                : new MemoryOperation.Update(kept, Relabelled.As(kept, fact), $"{fact.Attribute} was corrected") { OwnReason = "corrected" },
            .. slot.Where(memory => memory.Id != kept.Id).Select(memory =>
                new MemoryOperation.Delete(memory, fact, $"{fact.Attribute} was corrected") { OwnReason = "corrected", SupersededBy = kept.Id }),
        ];
    }

    private static bool IsMore(Fact fact, MemoryRecord memory) =>
        fact.At >= memory.UpdatedAt && (fact.Trusted || !memory.Trusted) && Year.IsMatch(fact.Content) && !Year.IsMatch(memory.Content);

    // "May 3rd" is "3 May", and "3 May 1990" says no less.
    private static bool AreTheSame(string one, string other)
    {
        Match day = DayAndMonth.Match(one), otherDay = DayAndMonth.Match(other);
        Match year = Year.Match(one), otherYear = Year.Match(other);
        if (year.Success && otherYear.Success && year.Value != otherYear.Value)
            return false;
        if (day.Success && otherDay.Success)
            return day.Groups["d"].Value.TrimStart('0') == otherDay.Groups["d"].Value.TrimStart('0') && Calendar.MonthOf(day.Groups["m"].Value) == Calendar.MonthOf(otherDay.Groups["m"].Value);
        HashSet<string> words = Words(one), otherWords = Words(other);
        return words.IsSubsetOf(otherWords) || otherWords.IsSubsetOf(words);
    }

    // What stands behind the verb: the value.
    private static HashSet<string> Words(string content) =>
        [.. EnglishWords.Split(content[Math.Max(0, Math.Max(content.IndexOf(" is ", StringComparison.Ordinal), content.IndexOf(" in ", StringComparison.Ordinal)))..]).Where(word => !EnglishWords.IsStopWord(word) && !s_frame.Contains(word))];
}
