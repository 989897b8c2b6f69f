using Memory.Core.Storage;

namespace Memory.Core.LongTerm.Filters;

/// <summary>It belongs to at least one of these categories.</summary>
public sealed record InCategory(IReadOnlyList<string> Names) : MemoryFilter
{
    public override string ToSql(SqlArguments arguments) => $"(m.categories && {arguments.Add(Names.ToArray())})";

    public override bool Matches(MemoryRecord record) => record.Categories.Any(Names.Contains);
}
