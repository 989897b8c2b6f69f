using Memory.Core.Storage;

namespace Memory.Core.LongTerm.Filters;

/// <summary>It belongs to this collection.</summary>
public sealed record CollectionIs(string Name) : MemoryFilter
{
    public override string ToSql(SqlArguments arguments) => $"(m.collection = {arguments.Add(Name)})";

    public override bool Matches(MemoryRecord record) => record.Collection == Name;
}
