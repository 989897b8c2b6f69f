using Memory.Core.Lanes;
using Memory.Core.LongTerm.Filters;
using Memory.Core.Privacy;
using Memory.Core.Storage;

namespace Memory.Core.LongTerm;

/// <summary>
/// Reads what was remembered at another moment, closed memories included. It goes through all of an owner's versions each time:
/// whoever asks about now asks <see cref="MemoryStore"/> and <see cref="PgVectorIndex"/>.
/// </summary>
public sealed class PastMemories(MemoryDb db, VectorSpace space)
{
    private const string Page = $"""
        {MomentInTime.Past}
        select m.*
          from {MomentInTime.Shown}
        """;

    private const string OfKinds = $"""
        {MomentInTime.Past}
        select k.*
          from (select m.*, row_number() over (partition by m.kind order by m.importance desc, m.updated_at desc, m.id) as place
                  from {MomentInTime.Shown}
        """;

    private const string Count = $"""
        {MomentInTime.Past}
        select count(*)
          from {MomentInTime.Shown}
        """;

    // The vector of every version is kept. They have unit length, so the negative inner product orders as cosine distance does.
    private const string Nearest = $"""
        {MomentInTime.Past}
        select m.*, -(n.embedding <#> $11)
          from {MomentInTime.Shown}
          join memory_vectors n
            on n.project_id = $1 and n.owner_kind = $2 and n.owner_id = $3 and n.memory_id = m.id and n.version = m.version and n.model = $12
        """;

    /// <summary>One page of what some owners remembered at that moment, the newest memory first, and how many there were in all.</summary>
    /// <param name="page">From 1.</param>
    public async Task<(IReadOnlyList<MemoryRecord> Records, long Total)> ListAsync(
        Principal principal, IReadOnlyList<Owner> owners, MemoryFilter filter, MomentInTime moment, int page, int pageSize, CancellationToken cancellationToken)
    {
        List<MemoryRecord> newest = [];
        long total = 0;
        foreach (Owner owner in owners)
        {
            AccessPolicy.RequireOwner(principal, owner);
            // Any of the page's memories may be this owner's, and any of those before.
            (List<MemoryRecord> records, long count) = await ListAsync(
                new Lane(principal.Project, owner), filter, moment, owners.Count == 1 ? (long)(page - 1) * pageSize : 0,
                owners.Count == 1 ? pageSize : (long)page * pageSize, cancellationToken);
            newest.AddRange(records);
            total += count;
        }

        return owners.Count == 1
            ? (newest, total)
            : ([.. newest.OrderByDescending(one => one.CreatedAt).ThenByDescending(one => one.Id.Value).Skip((int)Math.Min(int.MaxValue, (long)(page - 1) * pageSize)).Take(pageSize)], total);
    }

    /// <summary>The same of one scope.</summary>
    public Task<(IReadOnlyList<MemoryRecord> Records, long Total)> ListAsync(
        Principal principal, MemoryScope scope, MomentInTime moment, int page, int pageSize, CancellationToken cancellationToken) =>
        ListAsync(principal, [scope.Owner], MemoryStore.Within(scope), moment, page, pageSize, cancellationToken);

    /// <summary>What was trusted then of some kinds, the most important first.</summary>
    /// <param name="limit">Most of each kind.</param>
    public Task<List<MemoryRecord>> OfKindsAsync(
        Lane lane, MemoryScope scope, string? collection, MomentInTime moment, IReadOnlyCollection<string> kinds, int limit, MemoryFilter? filter,
        CancellationToken cancellationToken)
    {
        SqlArguments arguments = moment.Keys(lane, scope, collection);
        var text = $"""
            {OfKinds}
                    where m.trusted and m.kind = any ({arguments.Add(kinds.ToArray())}) and {Condition(filter, arguments)}) k
             where k.place <= {arguments.Add(limit)}
             order by k.place, k.kind
            """;
        return db.QueryAsync(lane.Project, new Sql<MemoryRecord>(text, MemoryRecord.Read, arguments.ToArray()), cancellationToken);
    }

    /// <summary>What was nearest then, nearest first: every version of that moment is compared.</summary>
    /// <param name="vector">Unit length, of the space's dimensions.</param>
    /// <exception cref="VectorSpaceException">The vector does not belong to the space.</exception>
    public Task<List<Neighbour>> NearestAsync(
        Lane lane, MemoryScope scope, string? collection, MomentInTime moment, ReadOnlyMemory<float> vector, int limit, MemoryFilter? filter,
        CancellationToken cancellationToken)
    {
        space.Check(vector.Span);
        SqlArguments arguments = moment.Keys(lane, scope, collection, MemoryStatements.ToHalf(vector.Span), space.Model);
        var text = $"""
            {Nearest}
             where {Condition(filter, arguments)}
             order by n.embedding <#> $11, m.id
             limit {arguments.Add(limit)}
            """;
        return db.QueryAsync(
            lane.Project,
            new Sql<Neighbour>(text, row => new Neighbour(MemoryRecord.Read(row), row.GetDouble(MemoryRecord.ColumnCount)), arguments.ToArray()),
            cancellationToken);
    }

    private async Task<(List<MemoryRecord> Records, long Total)> ListAsync(
        Lane lane, MemoryFilter filter, MomentInTime moment, long skipped, long limit, CancellationToken cancellationToken)
    {
        SqlArguments arguments = moment.Keys(lane, MemoryScope.Of(lane.Owner), null);
        string condition = Condition(filter, arguments);
        var counting = new Sql<long>($"{Count}\n where {condition}", row => row.GetInt64(0), arguments.ToArray());
        List<long> total = await db.QueryAsync(lane.Project, counting, cancellationToken);
        var text = $"""
            {Page}
             where {condition}
             order by m.created_at desc, m.id desc
             limit {arguments.Add(limit)} offset {arguments.Add(skipped)}
            """;
        return (await db.QueryAsync(lane.Project, new Sql<MemoryRecord>(text, MemoryRecord.Read, arguments.ToArray()), cancellationToken), total[0]);
    }

    private static string Condition(MemoryFilter? filter, SqlArguments arguments) => (filter ?? new AllOf([])).ToSql(arguments);
}
