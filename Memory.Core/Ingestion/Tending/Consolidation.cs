using Memory.Core.Ingestion.Reconciliation;
using Memory.Core.LongTerm;
using Memory.Models.Builtin;

namespace Memory.Core.Ingestion.Tending;

/// <summary>
/// Turns verdicts on pairs into a plan. Of two that say the same the surer one stays, and is the surer for it; the other is
/// closed in its favour, and can be brought back.
/// </summary>
internal static class Consolidation
{
    internal static IReadOnlyList<MemoryOperation> Plan(IReadOnlyList<(ClosePair Pair, (PairVerdict Verdict, string Reason) Judged)> pairs, DateTimeOffset now)
    {
        List<MemoryOperation> plan = [];
        // What was merely read neither casts doubt on the person's own word nor takes its place.
        List<(ClosePair Pair, (PairVerdict Verdict, string Reason) Judged)> equal = [.. pairs.Where(one => one.Pair.Older.Trusted == one.Pair.Newer.Trusted)];
        HashSet<MemoryId> spokenFor = [];
        foreach ((ClosePair pair, (_, string reason)) in equal.Where(one => one.Judged.Verdict == PairVerdict.Contradictory))
        {
            plan.Add(new MemoryOperation.Conflict(pair.Older.Id, pair.Newer.Id, pair.Newer.ToFact("import", pair.Newer.UpdatedAt), reason) { OwnReason = "found when tending" });
            spokenFor.UnionWith([pair.Older.Id, pair.Newer.Id]);
        }

        foreach ((ClosePair pair, (_, string reason)) in equal.Where(one => one.Judged.Verdict == PairVerdict.Same && MayMerge(one.Pair)))
        {
            // One verdict a memory that goes: the next look sees what is left. What is disputed waits for whoever settles it.
            if (spokenFor.Contains(pair.Older.Id) || spokenFor.Contains(pair.Newer.Id))
                continue;
            (MemoryRecord kept, MemoryRecord other) = pair.Older.Confidence >= pair.Newer.Confidence ? (pair.Older, pair.Newer) : (pair.Newer, pair.Older);
            plan.AddRange(Restated(kept, other, reason));
            plan.Add(new MemoryOperation.Delete(other, other.ToFact("import", now), $"merged: {reason}") { SupersededBy = kept.Id, OwnReason = "merged when tending" });
            spokenFor.Add(other.Id);
        }

        return plan;
    }

    // Two numbers are never the same, whoever says so.
    private static bool MayMerge(ClosePair pair) => !pair.IsDisputed && Numbers(pair.Older).SetEquals(Numbers(pair.Newer));

    // Whoever found the other finds the one that is kept: an operation widens it by one id of each kind.
    private static IEnumerable<MemoryOperation> Restated(MemoryRecord kept, MemoryRecord other, string reason)
    {
        Fact said = other.ToFact("import", other.UpdatedAt);
        string[] agents = [.. other.AgentIds.Except(kept.AgentIds)], apps = [.. other.AppIds.Except(kept.AppIds)], runs = [.. other.RunIds.Except(kept.RunIds)];
        for (var i = 0; i == 0 || i < agents.Length || i < apps.Length || i < runs.Length; i++)
        {
            Fact widening = said with { AgentId = agents.ElementAtOrDefault(i), AppId = apps.ElementAtOrDefault(i), RunId = runs.ElementAtOrDefault(i) };
            yield return new MemoryOperation.None(kept.Id, widening, reason) { IsRestated = i == 0 && Repetition.Confirms(said, kept), OwnReason = "found when tending" };
        }
    }

    private static HashSet<string> Numbers(MemoryRecord memory) => [.. EnglishWords.Split(memory.Content).Where(word => word.Any(char.IsDigit))];
}
