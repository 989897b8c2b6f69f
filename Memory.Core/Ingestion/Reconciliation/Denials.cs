using System.Text.RegularExpressions;
using Memory.Core.Ingestion.Extraction;
using Memory.Core.Ingestion.Extraction.Rules;
using Memory.Core.LongTerm;
using Memory.Models.Builtin;

namespace Memory.Core.Ingestion.Reconciliation;

/// <summary>"Has never driven a car", and then drove one: unless it was the first time, one of the two is wrong, and nobody knows which.</summary>
internal static partial class Denials
{
    [GeneratedRegex(@"\b(?:first time|first ever|finally|at last|learn(?:ed|t) (?:how )?to|started|passed)\b", RegexOptions.IgnoreCase)]
    private static partial Regex FirstTime { get; }

    [GeneratedRegex(@"^\S+ (?:\w+ly |just |also )?(?<verb>[a-z]+)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Did { get; }

    /// <summary>What would deny that something happened.</summary>
    internal static IEnumerable<string> Of(Fact fact) =>
        fact.Kind == MemoryKind.Event && Did.Match(fact.Content) is { Success: true } did && EnglishVerbs.IsPast(did.Groups["verb"].Value) ? [Habits.NeverOf(did.Groups["verb"].Value)] : [];

    /// <returns>Null: nothing denies it.</returns>
    internal static IReadOnlyList<MemoryOperation>? Decide(Fact fact, IReadOnlyList<MemoryRecord> candidates, DateTimeOffset now)
    {
        string? denial = Of(fact).FirstOrDefault();
        IReadOnlyList<string> words = ContentWords.Of(fact.Content);
        MemoryRecord? denied = denial is null ? null : candidates.FirstOrDefault(memory => memory.Attribute == denial && memory.UpdatedAt <= fact.At && ContentWords.Covered(ContentWords.Of(memory.Content), words) >= 0.75);
        if (denied is null || (denied.Trusted && !fact.Trusted))
            return null;
        if (FirstTime.IsMatch(fact.Content))
            return [new MemoryOperation.Update(denied, fact, "it has happened since")];
        MemoryOperation.Add added = BuiltinReconciler.New(fact, now);
        return [added, new MemoryOperation.Conflict(denied.Id, added.Id, fact, "it was said never to have happened")];
    }
}
