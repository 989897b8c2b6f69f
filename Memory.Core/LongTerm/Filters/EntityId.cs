using Memory.Core.Storage;

namespace Memory.Core.LongTerm.Filters;

/// <summary>
/// Whose memory it is. Where a user, an agent, an app or a run owns it, that id is the owner's; else agents, apps and runs are
/// those it was said to, of which there may be several, and a user there is none.
/// </summary>
/// <param name="Ids">One of them is enough; null: whichever it is, there is one.</param>
public sealed record EntityId(OwnerKind Kind, IReadOnlyList<string>? Ids) : MemoryFilter
{
    public override string ToSql(SqlArguments arguments)
    {
        string? ids = Ids is null ? null : arguments.Add(Ids.ToArray());
        string owner = ids is null ? "true" : $"m.owner_id = any ({ids})";
        return Kind switch
        {
            OwnerKind.User => $"(m.owner_kind = 'user' and {owner})",
            OwnerKind.Agent => $"(case when m.owner_kind = 'agent' then {owner} else {SaidTo("m.agent_ids", ids)} end)",
            OwnerKind.App => $"(case when m.owner_kind = 'app' then {owner} else {SaidTo("m.app_ids", ids)} end)",
            _ => $"(case when m.owner_kind = 'run' then {owner} else {SaidTo("m.run_ids", ids)} end)",
        };
    }

    public override bool Matches(MemoryRecord record) => IdsOf(record).Any(id => Ids is null || Ids.Contains(id));

    private static string SaidTo(string column, string? ids) => ids is null ? $"cardinality({column}) > 0" : $"{column} && {ids}";

    private IReadOnlyList<string> IdsOf(MemoryRecord record) => record.Owner.Kind == Kind ? [record.Owner.Id] : Kind switch
    {
        OwnerKind.Agent => record.AgentIds,
        OwnerKind.App => record.AppIds,
        OwnerKind.Run => record.RunIds,
        _ => [],
    };
}
