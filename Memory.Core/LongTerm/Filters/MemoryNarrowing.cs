using Memory.Core.Storage;

namespace Memory.Core.LongTerm.Filters;

/// <summary>What narrows an owner's memories to those that are asked for: further ids of the scope, a collection, a filter.</summary>
public static class MemoryNarrowing
{
    /// <summary>
    /// Further conditions over <c>memories m</c>, each with its <c>and</c>; empty where all of the owner's are asked for. The owner's own id narrows nothing.
    /// </summary>
    public static string ToSql(MemoryScope? scope, string? collection, MemoryFilter? filter, SqlArguments arguments)
    {
        List<string> conditions = [];
        if (collection is not null)
            conditions.Add($"m.collection = {arguments.Add(collection)}");
        if (scope is { AgentId: { } agent, Owner.Kind: not OwnerKind.Agent })
            conditions.Add($"m.agent_ids @> array[{arguments.Add(agent)}]");
        if (scope is { AppId: { } app, Owner.Kind: not OwnerKind.App })
            conditions.Add($"m.app_ids @> array[{arguments.Add(app)}]");
        if (scope is { RunId: { } run, Owner.Kind: not OwnerKind.Run })
            conditions.Add($"m.run_ids @> array[{arguments.Add(run)}]");
        if (filter is not null)
            conditions.Add(filter.ToSql(arguments));
        return string.Concat(conditions.Select(condition => $"\n   and {condition}"));
    }

    /// <summary>The same of a memory that was read.</summary>
    public static bool Matches(MemoryRecord record, MemoryScope scope, string? collection, MemoryFilter? filter) =>
        record.IsIn(scope) && (collection is null || record.Collection == collection) && (filter is null || filter.Matches(record));
}
