using Memory.Core.LongTerm.Filters;
using Memory.Core.Privacy;
using Memory.Core.Storage;

namespace Memory.Core.LongTerm;

/// <summary>A user, an agent, an app or a run that has memories: it owns them, or they were said to it.</summary>
/// <param name="Memories">How many, whoever owns them; what has expired does not count.</param>
/// <param name="FirstAt">When the first of them was said.</param>
/// <param name="LastAt">When one of them changed last.</param>
public sealed record Party(Owner Id, long Memories, DateTimeOffset FirstAt, DateTimeOffset LastAt);

/// <summary>Who has memories in a project, and who owns what somebody has.</summary>
public sealed class Parties(MemoryDb db)
{
    /// <summary>Most owners whose memories are searched because they carry an id.</summary>
    public const int MostCarriers = 100;

    // A memory that an agent owns names the agent as one it was said to, too: it counts once.
    private const string Named = $"""
        with named as (
               select m.owner_kind, m.owner_id, m.agent_ids, m.app_ids, m.run_ids, m.created_at, m.updated_at
                 from memories m
                where m.project_id = $1 and m.status = 'active' and {Reach.NotMadeAnew}
                  and (m.expires_on is null or m.expires_on >= current_date)
                  and ($2::text is null or (m.owner_kind = $2::owner_kind and m.owner_id = $3))),
        parties as (
               select m.owner_kind::text as kind, m.owner_id as id, m.created_at, m.updated_at from named m
                union all
               select c.kind, c.id, m.created_at, m.updated_at
                 from named m
                cross join lateral (
                      select 'agent' as kind, unnest(m.agent_ids) as id
                       union
                      select 'app', unnest(m.app_ids)
                       union
                      select 'run', unnest(m.run_ids)) c
                where (c.kind, c.id) <> (m.owner_kind::text, m.owner_id))
        """;

    private const string Page = $"""
        {Named}
        select kind, id, count(*), min(created_at), max(updated_at)
          from parties
         group by kind, id
         order by max(updated_at) desc, kind, id
         limit $4 offset $5
        """;

    private const string Count = $"""
        {Named}
        select count(distinct (kind, id))
          from parties
        """;

    /// <summary>One page of those that the principal may see, the most recently active first, and how many there are in all.</summary>
    /// <param name="page">From 1.</param>
    public async Task<(IReadOnlyList<Party> Parties, long Total)> ListAsync(Principal principal, int page, int pageSize, CancellationToken cancellationToken)
    {
        object?[] keys = [principal.Project, principal.Subject?.KindName, principal.Subject?.Id];
        var trip = new RoundTrip();
        List<long> total = trip.Add(new Sql<long>(Count, row => row.GetInt64(0), keys));
        List<Party> parties = trip.Add(new Sql<Party>(
            Page,
            row => new Party(
                new Owner(Owner.ParseKind(row.GetString(0)), row.GetString(1)), row.GetInt64(2), row.GetFieldValue<DateTimeOffset>(3), row.GetFieldValue<DateTimeOffset>(4)),
            [.. keys, pageSize, (long)(page - 1) * pageSize]));
        await db.SendAsync(principal.Project, trip, cancellationToken);
        return (parties, total[0]);
    }

    /// <summary>Every owner of what is meant: those that were named, then those whose memories carry what was named.</summary>
    /// <exception cref="InvalidInputException">There are more than one question can be put to.</exception>
    public async Task<IReadOnlyList<Owner>> OwnersAsync(Reach reach, MemoryFilter filter, CancellationToken cancellationToken)
    {
        if (!reach.IncludesCarried)
            return reach.Owners;
        List<Owner> others = await db.QueryAsync(reach.Principal.Project, ReachStatements.Carriers(reach, filter, MostCarriers + 1), cancellationToken);
        return others.Count <= MostCarriers ? [.. reach.Owners, .. others] : throw new InvalidInputException(
            "filters", $"Memories of more than {MostCarriers} owners carry this id: narrow by user_id, or by a condition that fewer fulfil.");
    }
}
