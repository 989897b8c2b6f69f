using Memory.Core.LongTerm.Filters;
using Memory.Core.Privacy;
using Memory.Core.Storage;

namespace Memory.Core.LongTerm;

/// <summary>
/// Whose memories a principal means: those of some owners, and with an agent, an app or a run also what others own and carries
/// it, where <see cref="AccessPolicy.MayReachCarried"/> says so; a key that is bound to one owner reaches that owner's alone.
/// </summary>
public sealed record Reach
{
    /// <summary>What is made anew beside its owner's is nobody's yet: a condition over <c>memories m</c>.</summary>
    internal const string NotMadeAnew = $"not starts_with(m.owner_id, '{MemoryScope.OfRebuilds}')";

    private Reach(Principal principal, IReadOnlyList<Owner> owners, bool isWhole)
    {
        Principal = principal;
        Owners = owners;
        IsWhole = isWhole;
    }

    public Principal Principal { get; }

    /// <summary>Those that were named; empty where all of the project is meant.</summary>
    public IReadOnlyList<Owner> Owners { get; }

    /// <summary>Whether all of the project is meant.</summary>
    public bool IsWhole { get; }

    /// <summary>Whether what has expired is meant too.</summary>
    public bool WithExpired { get; init; }

    /// <summary>Whether what was closed is meant too: only its history is left.</summary>
    public bool WithClosed { get; init; }

    private string Status => WithClosed ? "true" : "m.status = 'active'";

    /// <exception cref="ForbiddenException">The key is bound to another owner.</exception>
    public static Reach Of(Principal principal, IReadOnlyList<Owner> owners)
    {
        foreach (Owner owner in owners)
            AccessPolicy.RequireOwner(principal, owner);
        return new Reach(principal, owners, isWhole: false);
    }

    /// <exception cref="ForbiddenException">The key is bound to one owner.</exception>
    public static Reach Whole(Principal principal)
    {
        AccessPolicy.RequireWholeProject(principal);
        return new Reach(principal, [], isWhole: true);
    }

    /// <summary>Whether memories of owners that nobody named may be meant.</summary>
    public bool IncludesCarried => Owners.Any(owner => AccessPolicy.MayReachCarried(Principal, owner.Kind));

    /// <summary>The rows that are meant, of each source as many as <paramref name="tail"/> lets through.</summary>
    /// <param name="columns">Of <c>memories m</c>.</param>
    /// <param name="condition">Over <c>memories m</c>.</param>
    /// <param name="arguments">Begin with project, kinds and ids: <see cref="Arguments"/>.</param>
    internal string Rows(string columns, string condition, string tail, SqlArguments arguments)
    {
        string meant = WithExpired ? condition : $"{condition} and (m.expires_on is null or m.expires_on >= current_date)";
        if (IsWhole)
            return $"(select {columns} from memories m where m.project_id = $1 and {Status} and {NotMadeAnew} and {meant} {tail})";
        // Each owner's rows are walked in their own order.
        var owned = $"""
            (select m.*
               from unnest($2::text[], $3::text[]) o (kind, id)
              cross join lateral (
                    select {columns}
                      from memories m
                     where m.project_id = $1 and m.owner_kind = o.kind::owner_kind and m.owner_id = o.id and {Status} and {meant}
                     {tail}) m)
            """;
        return IncludesCarried ? $"{owned}\n union all\n(select {columns} from memories m where {Carried(arguments)} and {meant} {tail})" : owned;
    }

    /// <summary>What others own and carries an agent, an app or a run that was named: a condition over <c>memories m</c>.</summary>
    internal string Carried(SqlArguments arguments)
    {
        List<string> columns = [];
        foreach ((OwnerKind kind, string column) in new[] { (OwnerKind.Agent, "agent_ids"), (OwnerKind.App, "app_ids"), (OwnerKind.Run, "run_ids") })
        {
            string[] ids = AccessPolicy.MayReachCarried(Principal, kind) ? [.. Owners.Where(owner => owner.Kind == kind).Select(owner => owner.Id)] : [];
            // Overlap is what the index may be asked under row level security.
            if (ids.Length > 0)
                columns.Add($"m.{column} && {arguments.Add(ids)}");
        }

        return $"""
            m.project_id = $1 and {Status} and {NotMadeAnew} and ({string.Join(" or ", columns)})
               and (m.owner_kind::text, m.owner_id) not in (select o.kind, o.id from unnest($2::text[], $3::text[]) o (kind, id))
            """;
    }

    internal SqlArguments Arguments() => new(
        Principal.Project, Owners.Select(owner => owner.KindName).ToArray(), Owners.Select(owner => owner.Id).ToArray());
}
