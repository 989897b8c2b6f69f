using System.Text.RegularExpressions;
using Memory.Core.Ingestion.Extraction;
using Memory.Core.LongTerm;

namespace Memory.Core.Ingestion.Reconciliation;

/// <summary>What was wished for or still to be done, and has been done since, or given up.</summary>
internal static partial class Closing
{
    /// <summary>This share of the words of a wish or an open loop has to be in what was done.</summary>
    private const double FewestWords = 0.6;

    private const string Done = " got it done";

    // Begun, planned or not done is not done.
    [GeneratedRegex(@"\b(?:started|began|will|going to|wants?|needs?|hasn't|haven't|didn't|not|might|could|tried|trying|plans?|should|must|still|almost|nearly|failed|forgot|booked|signed up|registered|looked|read about|heard)\b", RegexOptions.IgnoreCase)]
    private static partial Regex NotDone { get; }

    [GeneratedRegex(@"\b(?:no longer (?:wants?|plans?|intends|hopes|needs?|is)|gave up|given up|changed their mind|decided (?:not to|against)|abandoned|dropped|cancel(?:l)?ed|scrapped|shelved|not going to|doesn't want to)\b", RegexOptions.IgnoreCase)]
    private static partial Regex GivenUp { get; }

    [GeneratedRegex(@"^(?<who>.+?)(?:'s (?:\w+ ){0,4}?(?:goal|dream|plan|aim|target|resolution|ambition)(?: \w+){0,3}? is(?: to)?| (?:still |really )?(?:wants? to|would (?:like|love) to|hopes? to|plans? to|needs? to|has to|must|should|is (?:planning|hoping|trying|training|saving|aiming) (?:to|for)|aims? to|is waiting for|owes)) (?<what>.+)$", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex Wish { get; }

    /// <returns>Null: it closes nothing.</returns>
    internal static IReadOnlyList<MemoryOperation>? Decide(Fact fact, IReadOnlyList<MemoryRecord> candidates)
    {
        List<MemoryRecord> open = [.. candidates
            .Where(memory => memory.Kind is MemoryKind.Goal or MemoryKind.OpenLoop && memory.UpdatedAt <= fact.At && (fact.Trusted || !memory.Trusted))
            .OrderByDescending(memory => memory.UpdatedAt).ThenBy(memory => memory.Content, StringComparer.Ordinal)];
        if (fact.Content.EndsWith(Done, StringComparison.Ordinal))
            return [OfWhatIsOpen(fact, open)];
        if (fact.Kind is MemoryKind.Goal or MemoryKind.OpenLoop or MemoryKind.Preference or MemoryKind.Instruction || open.Count == 0 || !(Tense.IsPast(fact.Content) || GivenUp.IsMatch(fact.Content) || fact.Content.Contains(" is done", StringComparison.Ordinal)))
            return null;
        bool isGivenUp = GivenUp.IsMatch(fact.Content);
        if (!isGivenUp && NotDone.IsMatch(fact.Content))
            return null;
        IReadOnlyList<string> words = ContentWords.Of(fact.Content);
        List<MemoryRecord> closed = open.FindAll(memory => IsIn(memory, words));
        return closed.Count == 0 ? null
            :
            [
                new MemoryOperation.Update(closed[0], fact with { Attribute = null, Stage = null }, isGivenUp ? "given up" : "done since"),
                .. closed.Skip(1).Select(memory => new MemoryOperation.Delete(memory, fact, isGivenUp ? "given up" : "done since") { SupersededBy = closed[0].Id }),
            ];
    }

    // "I did it!" is said of the one thing that is open; of several nobody knows which.
    private static MemoryOperation OfWhatIsOpen(Fact fact, List<MemoryRecord> open) =>
        open is [var only] && Wish.Match(only.Content) is { Success: true } wish
            ? new MemoryOperation.Update(only, fact with { Content = $"{wish.Groups["who"].Value} has done it: {wish.Groups["what"].Value}" }, "done since")
            : new MemoryOperation.None(null, fact, "nothing that it tells of is known");

    // Every number counts: who ran 5 km has not run 10.
    private static bool IsIn(MemoryRecord memory, IReadOnlyList<string> words)
    {
        IReadOnlyList<string> wished = ContentWords.Of(Wish.Match(memory.Content) is { Success: true } wish ? wish.Groups["what"].Value : memory.Content);
        return ContentWords.Covered(wished, words) >= FewestWords && wished.Where(word => char.IsAsciiDigit(word[0])).All(words.Contains) && wished.Count(words.Contains) >= Math.Min(2, wished.Count);
    }
}
