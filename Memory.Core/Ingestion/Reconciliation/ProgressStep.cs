using Memory.Core.Ingestion.Extraction;
using Memory.Core.LongTerm;

namespace Memory.Core.Ingestion.Reconciliation;

/// <summary>
/// Progress only moves forward, or is dropped: what is no further than known changes nothing. "Sourdough" and "sourdough
/// bread" are one thing.
/// </summary>
internal static class ProgressStep
{
    private const string Slot = "progress of ";

    /// <returns>Null: the fact is not about anything in progress.</returns>
    internal static IReadOnlyList<MemoryOperation>? Decide(Fact fact, IReadOnlyList<MemoryRecord> candidates, DateTimeOffset now)
    {
        if (fact.Stage is null || Known(fact, candidates) is not { } known)
            return null;
        bool isProgress = fact.Kind == MemoryKind.Progress;
        if (known.Trusted && !fact.Trusted)
            return isProgress ? [BuiltinReconciler.New(fact with { Attribute = null }, now)] : null;
        if (known.UpdatedAt > fact.At || !OneValue.IsFurther(fact, known))
            // What is done again is worth a memory of its own; that it was heard of again is not.
            return isProgress ? [new MemoryOperation.None(known.Id, fact, "no further than known") { IsRestated = fact.Stage == known.Stage && Repetition.Confirms(fact, known) }] : null;
        return [new MemoryOperation.Update(known, fact with { Kind = MemoryKind.Progress, Attribute = known.Attribute }, $"progress: {fact.Stage}") { OwnReason = "further than known" }];
    }

    private static MemoryRecord? Known(Fact fact, IReadOnlyList<MemoryRecord> candidates)
    {
        IReadOnlyList<string> words = ContentWords.Of(fact.Kind == MemoryKind.Progress ? Item(fact.Attribute) : fact.Content);
        return candidates
            .Where(memory => memory is { Kind: MemoryKind.Progress, Stage: not null, Attribute: not null } && SpeakerOf(memory.Attribute) == (fact.Attribute is null ? SpeakerOf(memory.Attribute) : SpeakerOf(fact.Attribute)))
            .Select(memory => (Memory: memory, Item: ContentWords.Of(Item(memory.Attribute))))
            .Where(known => known.Item.Count > 0 && (ContentWords.Covered(known.Item, words) >= 1 || (fact.Kind == MemoryKind.Progress && ContentWords.Covered(words, known.Item) >= 1)))
            .OrderByDescending(known => known.Item.Count(words.Contains))
            .ThenByDescending(known => known.Memory.UpdatedAt)
            .ThenBy(known => known.Memory.Content, StringComparer.Ordinal)
            .Select(known => known.Memory)
            .FirstOrDefault();
    }

    private static string Item(string? attribute) => attribute is null ? "" : attribute.StartsWith(Slot, StringComparison.Ordinal) ? attribute[Slot.Length..] : attribute;

    // Of several people in a conversation each comes on alone: "progress of chess of Ana".
    private static string SpeakerOf(string attribute) => attribute.LastIndexOf(" of ", StringComparison.Ordinal) is var at && at > Slot.Length && char.IsUpper(attribute[at + 4]) ? attribute[(at + 4)..] : "";
}
