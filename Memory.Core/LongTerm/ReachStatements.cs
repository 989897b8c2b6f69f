using Memory.Core.LongTerm.Filters;
using Memory.Core.Storage;

namespace Memory.Core.LongTerm;

/// <summary>The statements that read what a <see cref="Reach"/> means and a condition holds of.</summary>
internal static class ReachStatements
{
    internal static Sql<long> Count(Reach reach, MemoryFilter filter)
    {
        SqlArguments arguments = reach.Arguments();
        string condition = filter.ToSql(arguments);
        return new Sql<long>(
            $"select count(*) from ({reach.Rows("m.id", condition, "", arguments)}) m", row => row.GetInt64(0), arguments.ToArray());
    }

    /// <summary>The newest first, of each source no more than the page may need.</summary>
    internal static Sql<MemoryRecord> Page(Reach reach, MemoryFilter filter, int page, int pageSize)
    {
        SqlArguments arguments = reach.Arguments();
        string condition = filter.ToSql(arguments);
        string newest = $"order by m.created_at desc, m.id desc limit {arguments.Add((long)page * pageSize)}";
        return new Sql<MemoryRecord>(
            $"""
            select {MemoryRecord.Columns}
              from ({reach.Rows("m.*", condition, newest, arguments)}) m
              {MemoryRecord.CurrentVersion}
             order by m.created_at desc, m.id desc
             limit {arguments.Add(pageSize)} offset {arguments.Add((long)(page - 1) * pageSize)}
            """,
            MemoryRecord.Read, arguments.ToArray());
    }

    /// <summary>Whose they are and which, owner by owner, so that going on after the last one comes by each once.</summary>
    /// <param name="after">Null: from the first one.</param>
    internal static Sql<(Owner Owner, MemoryId Id)> Next(Reach reach, MemoryFilter filter, (Owner Owner, MemoryId Id)? after, int limit)
    {
        SqlArguments arguments = reach.Arguments();
        string condition = filter.ToSql(arguments);
        if (after is { } last)
            condition += $" and (m.owner_kind, m.owner_id, m.id) > ({arguments.Add(last.Owner.KindName)}::owner_kind, {arguments.Add(last.Owner.Id)}, {arguments.Add(last.Id)})";
        string order = $"order by m.owner_kind, m.owner_id, m.id limit {arguments.Add(limit)}";
        return new Sql<(Owner, MemoryId)>(
            $"select m.owner_kind, m.owner_id, m.id from ({reach.Rows("m.owner_kind, m.owner_id, m.id", condition, order, arguments)}) m {order}",
            row => (new Owner(Owner.ParseKind(row.GetString(0)), row.GetString(1)), new MemoryId(row.GetGuid(2))), arguments.ToArray());
    }

    /// <summary>Who else owns what is meant, the most recently active first.</summary>
    internal static Sql<Owner> Carriers(Reach reach, MemoryFilter filter, int limit)
    {
        SqlArguments arguments = reach.Arguments();
        return new Sql<Owner>(
            $"""
            select m.owner_kind, m.owner_id
              from memories m
             where {reach.Carried(arguments)}
               and {filter.ToSql(arguments)}
             group by m.owner_kind, m.owner_id
             order by max(m.updated_at) desc, m.owner_kind, m.owner_id
             limit {arguments.Add(limit)}
            """,
            row => new Owner(Owner.ParseKind(row.GetString(0)), row.GetString(1)), arguments.ToArray());
    }
}
