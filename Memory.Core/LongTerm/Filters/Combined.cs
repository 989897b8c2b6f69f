using Memory.Core.Storage;

namespace Memory.Core.LongTerm.Filters;

/// <summary>Every one of these holds; of none, always.</summary>
public sealed record AllOf(IReadOnlyList<MemoryFilter> Parts) : MemoryFilter
{
    public override string ToSql(SqlArguments arguments) =>
        Parts.Count == 0 ? "(true)" : $"({string.Join(" and ", Parts.Select(part => part.ToSql(arguments)))})";

    public override bool Matches(MemoryRecord record) => Parts.All(part => part.Matches(record));
}

/// <summary>At least one of these holds; of none, never.</summary>
public sealed record AnyOf(IReadOnlyList<MemoryFilter> Parts) : MemoryFilter
{
    public override string ToSql(SqlArguments arguments) =>
        Parts.Count == 0 ? "(false)" : $"({string.Join(" or ", Parts.Select(part => part.ToSql(arguments)))})";

    public override bool Matches(MemoryRecord record) => Parts.Any(part => part.Matches(record));
}

/// <summary>It does not hold: also of what a memory does not say at all, since no condition here is ever unknown.</summary>
public sealed record NotSo(MemoryFilter Part) : MemoryFilter
{
    public override string ToSql(SqlArguments arguments) => $"(not {Part.ToSql(arguments)})";

    public override bool Matches(MemoryRecord record) => !Part.Matches(record);
}
