using Memory.Core.Lanes;
using Memory.Core.LongTerm.Filters;
using Memory.Core.Privacy;
using Memory.Core.Storage;

namespace Memory.Core.LongTerm;

/// <summary>Reads what is remembered; writing is <see cref="MemoryWriter"/>'s.</summary>
public sealed class MemoryStore(MemoryDb db)
{
    public const string DefaultCollection = "memories";

    // By its id alone: the caller of /v1/memories/{id}/ knows no owner. Whether it may see it is decided on the owner found.
    private const string FindOwner = "select owner_kind, owner_id from memories where project_id = $1 and id = $2";

    private const string FindOwners = "select owner_kind, owner_id, id from memories where project_id = $1 and id = any ($2)";

    private const string ReadOne = $"""
        select {MemoryRecord.Columns}
          from memories m
          {MemoryRecord.CurrentVersion}
         where m.project_id = $1 and m.owner_kind = $2 and m.owner_id = $3 and m.id = $4 and m.status = 'active'
        """;

    private const string ReadEvery = $"""
        select {MemoryRecord.Columns}
          from memories m
          {MemoryRecord.CurrentVersion}
         where m.project_id = $1 and m.owner_kind = $2 and m.owner_id = $3 and m.id = any ($4)
         order by m.created_at, m.id
        """;

    private const string InScope = """
        m.project_id = $1 and m.owner_kind = $2 and m.owner_id = $3 and m.status = 'active'
           and (m.expires_on is null or m.expires_on >= current_date)
           and ($4::text is null or m.collection = $4)
           and ($5::text is null or m.agent_ids @> array[$5])
           and ($6::text is null or m.app_ids @> array[$6])
           and ($7::text is null or m.run_ids @> array[$7])
        """;

    private const string WithAttributes = $"""
        select {MemoryRecord.Columns}
          from memories m
          {MemoryRecord.CurrentVersion}
         where m.project_id = $1 and m.owner_kind = $2 and m.owner_id = $3 and m.status = 'active'
           and m.collection = $4 and (m.attribute = any ($5) or m.content_hash = any ($6) or m.kind = any ($7))
         order by m.created_at, m.id
        """;

    private const string Moved = """
        select 1
          from unnest($4::uuid[], $5::integer[]) as t (id, version)
         where not exists (select from memories m
                            where m.project_id = $1 and m.owner_kind = $2 and m.owner_id = $3
                              and m.id = t.id and m.version = t.version and m.status = 'active')
        union all
        select 1
          from memories m
         where m.project_id = $1 and m.owner_kind = $2 and m.owner_id = $3 and m.status = 'active'
           and m.content_hash = any ($6) and m.id <> all ($4)
        limit 1
        """;

    private const string OfKinds = $"""
        select {MemoryRecord.Columns}, row_number() over (partition by m.kind order by m.importance desc, m.updated_at desc, m.id) as place
          from memories m
          {MemoryRecord.CurrentVersion}
         where {InScope}
           and m.trusted
           and m.kind = any ($8)
        """;

    /// <exception cref="NotFoundException">No such memory in the principal's reach.</exception>
    public async Task<MemoryRecord> GetAsync(Principal principal, MemoryId id, CancellationToken cancellationToken)
    {
        Lane lane = await FindLaneAsync(principal, id, cancellationToken);
        List<MemoryRecord> found = await db.QueryAsync(principal.Project, One(lane, id), cancellationToken);
        return found.Count == 1 ? found[0] : throw new NotFoundException("Memory");
    }

    /// <summary>An active memory of an owner; null: it has none of that id.</summary>
    public async Task<MemoryRecord?> FindAsync(Lane lane, MemoryId id, CancellationToken cancellationToken) =>
        (await db.QueryAsync(lane.Project, One(lane, id), cancellationToken)).SingleOrDefault();

    /// <summary>An active memory, as a transaction that writes sees it.</summary>
    internal static Sql<MemoryRecord> One(Lane lane, MemoryId id) => new(ReadOne, MemoryRecord.Read, lane.Keys(id));

    /// <summary>Some of an owner's memories, active and closed; what was forgotten is missing.</summary>
    public Task<List<MemoryRecord>> EveryAsync(Lane lane, IReadOnlyCollection<MemoryId> ids, CancellationToken cancellationToken) =>
        db.QueryAsync(lane.Project, new Sql<MemoryRecord>(ReadEvery, MemoryRecord.Read, lane.Keys(ids.Select(id => id.Value).ToArray())), cancellationToken);

    /// <summary>Which lane a memory, active or closed, belongs to.</summary>
    /// <exception cref="NotFoundException">No such memory in the principal's reach.</exception>
    public async Task<Lane> FindLaneAsync(Principal principal, MemoryId id, CancellationToken cancellationToken)
    {
        var find = new Sql<Owner>(
            FindOwner, row => new Owner(Owner.ParseKind(row.GetString(0)), row.GetString(1)), principal.Project, id);
        List<Owner> owners = await db.QueryAsync(principal.Project, find, cancellationToken);
        return owners.Count == 1 && AccessPolicy.MaySee(principal, owners[0])
            ? new Lane(principal.Project, owners[0])
            : throw new NotFoundException("Memory");
    }

    /// <summary>Which lanes some memories, active or closed, belong to.</summary>
    /// <exception cref="NotFoundException">One of them is not in the principal's reach.</exception>
    public async Task<IReadOnlyList<(Lane Lane, IReadOnlyList<MemoryId> Ids)>> FindLanesAsync(
        Principal principal, IReadOnlyCollection<MemoryId> ids, CancellationToken cancellationToken)
    {
        IReadOnlyList<(Lane Lane, IReadOnlyList<MemoryId> Ids)> lanes = await FindKnownLanesAsync(principal, ids, cancellationToken);
        HashSet<MemoryId> known = [.. lanes.SelectMany(lane => lane.Ids)];
        foreach (MemoryId id in ids)
        {
            if (!known.Contains(id))
                throw new NotFoundException($"Memory {id}");
        }

        return lanes;
    }

    /// <summary>The same of those that are in the principal's reach: there may be fewer, or none.</summary>
    internal async Task<IReadOnlyList<(Lane Lane, IReadOnlyList<MemoryId> Ids)>> FindKnownLanesAsync(
        Principal principal, IReadOnlyCollection<MemoryId> ids, CancellationToken cancellationToken)
    {
        var find = new Sql<(Owner Owner, MemoryId Id)>(
            FindOwners, row => (new Owner(Owner.ParseKind(row.GetString(0)), row.GetString(1)), new MemoryId(row.GetGuid(2))),
            principal.Project, ids.Select(id => id.Value).ToArray());
        Dictionary<MemoryId, Owner> owners = (await db.QueryAsync(principal.Project, find, cancellationToken))
            .Where(found => AccessPolicy.MaySee(principal, found.Owner)).ToDictionary(found => found.Id, found => found.Owner);
        return [.. ids.Distinct().Where(owners.ContainsKey).GroupBy(id => owners[id]).OrderBy(owned => owned.Key.Kind).ThenBy(owned => owned.Key.Id, StringComparer.Ordinal)
            .Select(owned => (new Lane(principal.Project, owned.Key), (IReadOnlyList<MemoryId>)[.. owned]))];
    }

    /// <summary>One page of what is meant and a condition holds of, newest first, and how many there are in all.</summary>
    /// <param name="page">From 1.</param>
    public async Task<(IReadOnlyList<MemoryRecord> Records, long Total)> ListAsync(
        Reach reach, MemoryFilter filter, int page, int pageSize, CancellationToken cancellationToken)
    {
        var trip = new RoundTrip();
        List<long> total = trip.Add(ReachStatements.Count(reach, filter));
        List<MemoryRecord> records = trip.Add(ReachStatements.Page(reach, filter, page, pageSize));
        await db.SendAsync(reach.Principal.Project, trip, cancellationToken);
        return (records, total[0]);
    }

    /// <summary>The same of some owners.</summary>
    /// <param name="page">From 1.</param>
    public Task<(IReadOnlyList<MemoryRecord> Records, long Total)> ListAsync(
        Principal principal, IReadOnlyList<Owner> owners, MemoryFilter filter, int page, int pageSize, CancellationToken cancellationToken) =>
        ListAsync(Reach.Of(principal, owners), filter, page, pageSize, cancellationToken);

    /// <summary>The next of what is meant, owner by owner.</summary>
    /// <param name="after">The last one that was given; null: from the first.</param>
    internal Task<List<(Owner Owner, MemoryId Id)>> NextAsync(
        Reach reach, MemoryFilter filter, (Owner Owner, MemoryId Id)? after, int limit, CancellationToken cancellationToken) =>
        db.QueryAsync(reach.Principal.Project, ReachStatements.Next(reach, filter, after, limit), cancellationToken);

    /// <summary>The same of one scope and a collection.</summary>
    /// <param name="collection">Null: all of them.</param>
    public async Task<(IReadOnlyList<MemoryRecord> Records, long Total)> ListAsync(
        Principal principal, MemoryScope scope, string? collection, int page, int pageSize, CancellationToken cancellationToken)
    {
        AllOf within = Within(scope);
        return await ListAsync(
            principal, [scope.Owner], collection is null ? within : new AllOf([within, new CollectionIs(collection)]), page, pageSize, cancellationToken);
    }

    /// <summary>The owner's active memories that one of the facts could repeat or supersede.</summary>
    public Task<List<MemoryRecord>> MatchingAsync(Lane lane, string collection, IReadOnlyCollection<Fact> facts, CancellationToken cancellationToken) =>
        MatchingAsync(
            lane, collection, [.. facts.Select(fact => fact.Attribute).OfType<string>().Distinct()], [.. facts.Select(fact => fact.Content).Distinct()],
            cancellationToken);

    /// <summary>The owner's active memories that are about one of the attributes, or say exactly one of the contents.</summary>
    public Task<List<MemoryRecord>> MatchingAsync(
        Lane lane, string collection, IReadOnlyCollection<string> attributes, IReadOnlyCollection<string> contents,
        CancellationToken cancellationToken) =>
        MatchingAsync(lane, collection, attributes, contents, [], cancellationToken);

    /// <summary>Also every active memory of some kinds.</summary>
    public Task<List<MemoryRecord>> MatchingAsync(
        Lane lane, string collection, IReadOnlyCollection<string> attributes, IReadOnlyCollection<string> contents, IReadOnlyCollection<string> kinds,
        CancellationToken cancellationToken) =>
        db.QueryAsync(
            lane.Project,
            new Sql<MemoryRecord>(
                WithAttributes, MemoryRecord.Read,
                lane.Keys(collection, attributes.ToArray(), contents.Select(ContentHash.Of).ToArray(), kinds.ToArray())),
            cancellationToken);

    /// <summary>
    /// Whether a plan still fits, inside a transaction that holds the lane: what it changes is as it was, and nothing says
    /// meanwhile what it would add.
    /// </summary>
    internal static async Task<bool> FitsAsync(
        MemoryTransaction transaction, Lane lane, IReadOnlyList<MemoryOperation> plan, CancellationToken cancellationToken)
    {
        List<MemoryRecord> targets = [.. plan
            .Select(operation => operation switch { MemoryOperation.Update update => update.Target, MemoryOperation.Delete delete => delete.Target, _ => null })
            .OfType<MemoryRecord>()
            // One that the plan itself made, or changed before, was not there.
            .DistinctBy(target => target.Id)
            .Where(target => !plan.OfType<MemoryOperation.Add>().Any(add => add.Id == target.Id))];
        byte[][] brought = [.. plan.Where(operation => operation is MemoryOperation.Add or MemoryOperation.Update).Select(operation => ContentHash.Of(operation.Fact.Content))];
        var moved = new Sql<bool>(
            Moved, _ => true, lane.Keys(targets.Select(target => target.Id.Value).ToArray(), targets.Select(target => target.Version).ToArray(), brought));
        return (await transaction.QueryAsync(moved, cancellationToken)).Count == 0;
    }

    /// <summary>A scope's trusted memories of some kinds, the most important first.</summary>
    /// <param name="limit">Most of each kind.</param>
    public Task<List<MemoryRecord>> OfKindsAsync(
        Lane lane, MemoryScope scope, string? collection, IReadOnlyCollection<string> kinds, int limit, MemoryFilter? filter, CancellationToken cancellationToken)
    {
        var arguments = new SqlArguments([.. ScopeKeys(lane, scope, collection), kinds.ToArray()]);
        var text = $"""
            select k.*
              from ({OfKinds}
                    and {(filter ?? new AllOf([])).ToSql(arguments)}) k
             where k.place <= {arguments.Add(limit)}
             order by k.place, k.kind
            """;
        return db.QueryAsync(lane.Project, new Sql<MemoryRecord>(text, MemoryRecord.Read, arguments.ToArray()), cancellationToken);
    }

    /// <summary>A scope as a condition: every id that is given.</summary>
    public static AllOf Within(MemoryScope scope) => new(
        [.. new (OwnerKind Kind, string? Id)[] { (OwnerKind.User, scope.UserId), (OwnerKind.Agent, scope.AgentId), (OwnerKind.App, scope.AppId), (OwnerKind.Run, scope.RunId) }
            .Where(one => one.Id is not null).Select(one => new EntityId(one.Kind, [one.Id!]))]);

    // An id narrows only where it is not the owner itself.
    internal static object?[] ScopeKeys(Lane lane, MemoryScope scope, string? collection) => lane.Keys(
        collection,
        lane.Owner.Kind == OwnerKind.Agent ? null : scope.AgentId,
        lane.Owner.Kind == OwnerKind.App ? null : scope.AppId,
        lane.Owner.Kind == OwnerKind.Run ? null : scope.RunId);
}
