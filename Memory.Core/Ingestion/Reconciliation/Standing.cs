using Memory.Core.LongTerm;

namespace Memory.Core.Ingestion.Reconciliation;

/// <summary>
/// An owner's memories as a plan leaves them, step by step: a later fact of a batch sees what the earlier ones left behind,
/// as if each had come alone.
/// </summary>
/// <param name="known">Every active memory that a fact of the batch could touch; one may stand there twice.</param>
internal sealed class Standing(IEnumerable<MemoryRecord> known)
{
    private readonly List<MemoryRecord> _memories = [.. known.DistinctBy(memory => memory.Id)];
    private readonly HashSet<MemoryId> _changed = [];

    internal IReadOnlyList<MemoryRecord> Memories => _memories;

    /// <returns>Null: it is closed by now.</returns>
    internal MemoryRecord? Find(MemoryId id) => _memories.Find(memory => memory.Id == id);

    /// <summary>Whether the plan has changed it already.</summary>
    internal bool IsChanged(MemoryId id) => _changed.Contains(id);

    /// <summary>The memory that says exactly that; null: none does.</summary>
    internal MemoryRecord? Saying(string content)
    {
        string hash = ContentHash.HexOf(content);
        return _memories.Find(memory => memory.ContentHash == hash);
    }

    /// <summary>What is known of the one thing that a fact gives the value of: the person's own word first, then the newest.</summary>
    internal MemoryRecord? ValueOf(string? attribute) => attribute is null ? null : _memories
        .Where(memory => memory.Attribute == attribute)
        .OrderByDescending(memory => memory.Trusted)
        .ThenByDescending(memory => memory.UpdatedAt)
        .FirstOrDefault();

    internal void Apply(MemoryOperation operation)
    {
        switch (operation)
        {
            case MemoryOperation.Add add:
                _memories.Add(AsRecord(add.Id, 1, add.Fact, add.Fact.At));
                break;
            case MemoryOperation.Update update:
                _memories[_memories.IndexOf(update.Target)] = AsRecord(update.Target.Id, update.Target.Version + 1, update.Fact, update.Target.CreatedAt);
                _changed.Add(update.Target.Id);
                break;
            case MemoryOperation.Delete delete:
                _memories.Remove(delete.Target);
                _changed.Add(delete.Target.Id);
                break;
            case MemoryOperation.None { IsRestated: true } none when _memories.FindIndex(memory => memory.Id == none.Target) is >= 0 and var at:
                // A message that has confirmed it does not do so twice.
                _memories[at] = _memories[at] with { SourceSeqs = [.. _memories[at].SourceSeqs, .. none.Fact.SourceSeqs] };
                break;
        }
    }

    private static MemoryRecord AsRecord(MemoryId id, int version, Fact fact, DateTimeOffset createdAt) => new(
        id, default, MemoryStore.DefaultCollection, version, fact.Kind, fact.Attribute, fact.Content,
        ContentHash.HexOf(fact.Content), fact.Importance, fact.Confidence, fact.Trusted, fact.Categories, fact.Metadata,
        [], [], [], fact.ValidFrom, fact.ExpiresOn, createdAt, fact.At, fact.SourceSeqs)
    {
        Stage = fact.Stage,
    };
}
