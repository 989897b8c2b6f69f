using Memory.Core.LongTerm;
using Memory.Models.Builtin;

namespace Memory.Core.Ingestion.Reconciliation;

/// <summary>What holds of a fact beside a memory of the same thing, whatever a model says.</summary>
internal static class OneValue
{
    /// <summary>Whether it may take the memory's place as far as progress goes: forward, or dropped, or picked up again.</summary>
    internal static bool IsFurther(Fact fact, MemoryRecord memory) =>
        fact.Stage is null || memory.Stage is null || fact.IsCorrection || Rank(fact.Stage) > Rank(memory.Stage)
        // What was dropped is taken up by doing something about it, not by a word on it.
        || (memory.Stage == ProgressStage.Dropped && fact.Stage is ProgressStage.Explored or ProgressStage.Applied && memory.Stage != fact.Stage);

    /// <summary>Whether both have one value for good, and not the same one.</summary>
    internal static bool Contradicts(Fact fact, MemoryRecord memory) =>
        fact is { IsFixed: true, IsCorrection: false } && memory.Attribute == fact.Attribute && !Says(fact.Content, memory);

    /// <summary>Whether a fact can be about what a memory says at all: the same thing, or a word of it.</summary>
    internal static bool SpeaksOf(Fact fact, MemoryRecord memory)
    {
        HashSet<string> said = [.. EnglishWords.Split(fact.Content).Where(word => !EnglishWords.IsStopWord(word)).Select(EnglishWords.Stem)];
        return (fact.Attribute is not null && fact.Attribute == memory.Attribute) || EnglishWords.Split(memory.Content).Select(EnglishWords.Stem).Any(said.Contains);
    }

    // "3 May 1990" says "3 May" too; "4 May" does not.
    private static bool Says(string content, MemoryRecord memory)
    {
        HashSet<string> said = [.. EnglishWords.Split(content)];
        HashSet<string> about = [.. EnglishWords.Split(memory.Attribute ?? "").Append("born").Append("birthday")];
        return EnglishWords.Split(memory.Content).Where(word => !EnglishWords.IsStopWord(word) && !about.Contains(word)).All(said.Contains);
    }

    private static int Rank(string stage)
    {
        for (var rank = 0; rank < ProgressStage.All.Count; rank++)
        {
            if (ProgressStage.All[rank] == stage)
                return rank;
        }

        return -1;
    }
}
