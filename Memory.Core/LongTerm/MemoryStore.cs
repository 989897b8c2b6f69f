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

    // Each owner's rows are walked in their own order, and of each no more than the page may need.
    private const string NewestOf = $"""
        select {MemoryRecord.Columns}
          from unnest($2::text[], $3::text[]) o (kind, id)
         cross join lateral (
               select m.*
                 from memories m
                where m.project_id = $1 and m.owner_kind = o.kind::owner_kind and m.owner_id = o.id and m.status = 'active'
                  and (m.expires_on is null or m.expires_on >= current_date)
        """;

    private const string Count = """
        select count(*)
          from unnest($2::text[], $3::text[]) o (kind, id)
          join memories m
            on m.project_id = $1 and m.owner_kind = o.kind::owner_kind and m.owner_id = o.id and m.status = 'active'
         where (m.expires_on is null or m.expires_on >= current_date)
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

    /// <summary>One page of some owners' active memories that meet a condition, newest first, and how many there are in all.</summary>
    /// <param name="page">From 1.</param>
    public async Task<(IReadOnlyList<MemoryRecord> Records, long Total)> ListAsync(
        Principal principal, IReadOnlyList<Owner> owners, MemoryFilter filter, int page, int pageSize, CancellationToken cancellationToken)
    {
        foreach (Owner owner in owners)
            AccessPolicy.RequireOwner(principal, owner);
        var arguments = new SqlArguments(
            principal.Project, owners.Select(owner => owner.KindName).ToArray(), owners.Select(owner => owner.Id).ToArray());
        string condition = filter.ToSql(arguments);
        var trip = new RoundTrip();
        List<long> total = trip.Add(new Sql<long>($"{Count}\n and {condition}", row => row.GetInt64(0), arguments.ToArray()));
        string needed = arguments.Add((long)page * pageSize);
        var text = $"""
            {NewestOf}
                  and {condition}
                order by m.created_at desc, m.id desc
                limit {needed}) m
              {MemoryRecord.CurrentVersion}
             order by m.created_at desc, m.id desc
             limit {arguments.Add(pageSize)} offset {arguments.Add((long)(page - 1) * pageSize)}
            """;
        List<MemoryRecord> records = trip.Add(new Sql<MemoryRecord>(text, MemoryRecord.Read, arguments.ToArray()));
        await db.SendAsync(principal.Project, trip, cancellationToken);
        return (records, total[0]);
    }

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
    internal static AllOf Within(MemoryScope scope) => new(
        [.. new (OwnerKind Kind, string? Id)[] { (OwnerKind.User, scope.UserId), (OwnerKind.Agent, scope.AgentId), (OwnerKind.App, scope.AppId), (OwnerKind.Run, scope.RunId) }
            .Where(one => one.Id is not null).Select(one => new EntityId(one.Kind, [one.Id!]))]);

    // An id narrows only where it is not the owner itself.
    internal static object?[] ScopeKeys(Lane lane, MemoryScope scope, string? collection) => lane.Keys(
        collection,
        lane.Owner.Kind == OwnerKind.Agent ? null : scope.AgentId,
        lane.Owner.Kind == OwnerKind.App ? null : scope.AppId,
        lane.Owner.Kind == OwnerKind.Run ? null : scope.RunId);
}
