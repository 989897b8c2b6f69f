using Memory.Core.Storage;

namespace Memory.Core.LongTerm.Filters;

/// <summary>
/// A condition on memories, as a tree. It reads the same in SQL, over <c>memories m</c>, and in C#, over a record that was read:
/// <see cref="ToSql"/> and <see cref="Matches"/> never differ. A condition on what a memory does not say is false, never unknown.
/// </summary>
public abstract record MemoryFilter
{
    /// <summary>The condition as a parenthesised expression over <c>memories m</c>; every value is an argument.</summary>
    public abstract string ToSql(SqlArguments arguments);

    public abstract bool Matches(MemoryRecord record);
}
