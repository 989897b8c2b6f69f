using Memory.Core.Storage;

namespace Memory.Core.LongTerm.Filters;

/// <summary>It is one of these memories.</summary>
public sealed record HasId(IReadOnlyList<MemoryId> Ids) : MemoryFilter
{
    public override string ToSql(SqlArguments arguments) => $"(m.id = any ({arguments.Add(Ids.Select(id => id.Value).ToArray())}))";

    public override bool Matches(MemoryRecord record) => Ids.Contains(record.Id);
}
