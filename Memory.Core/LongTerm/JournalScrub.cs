using Memory.Core.Episodic;

namespace Memory.Core.LongTerm;

/// <summary>An operation without the texts that are forgotten; carried out once more it leaves what forgetting left.</summary>
internal sealed class JournalScrub(Func<string, bool> isForgotten)
{
    internal MemoryOperation Of(MemoryOperation operation) => operation switch
    {
        MemoryOperation.Add add => add with { NewFact = Of(add.NewFact, add.Id), Why = Why(add.Why, add.NewFact) },
        MemoryOperation.Update update => update with
        {
            Target = Of(update.Target), NewFact = Of(update.NewFact, update.Target.Id), Why = Why(update.Why, update.NewFact),
        },
        MemoryOperation.Delete delete => delete with
        {
            Target = Of(delete.Target), Contradiction = Of(delete.Contradiction, delete.Target.Id), Why = Why(delete.Why, null),
        },
        MemoryOperation.Conflict conflict => conflict with { Saying = Of(conflict.Saying, conflict.Other), Why = Why(conflict.Why, null) },
        MemoryOperation.Settle settle => settle with { Saying = Of(settle.Saying, settle.Other), Why = Why(settle.Why, null) },
        MemoryOperation.None { Target: { } target } none => none with { Known = Of(none.Known, target), Why = Why(none.Why, null) },
        // Nobody can tell whether what was said of a memory tells what is forgotten of it.
        MemoryOperation.Judge judge => judge with { Note = null },
        _ => operation,
    };

    private Fact Of(Fact fact, MemoryId memory) => isForgotten(fact.Content)
        ? fact with { Content = Journal.TombstoneOf(memory), Attribute = null, Metadata = null, Entities = [], Relations = [] }
        : fact;

    private MemoryRecord Of(MemoryRecord target) => isForgotten(target.Content)
        ? target with { Content = Journal.TombstoneOf(target.Id), Attribute = null, Metadata = null, ContentHash = "" }
        : target;

    private string Why(string why, Fact? said) => isForgotten(why) || (said is not null && isForgotten(said.Content)) ? Tombstone.Text : why;
}
