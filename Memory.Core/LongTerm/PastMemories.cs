using Memory.Core.Lanes;
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
        select {MomentInTime.Columns}
          from {MomentInTime.Versions}
         where {MomentInTime.InScope}
         order by m.created_at desc, m.id desc
         limit $10 offset $11
        """;

    private const string Count = $"""
        {MomentInTime.Past}
        select count(*)
          from {MomentInTime.Versions}
         where {MomentInTime.InScope}
        """;

    private const string OfKinds = $"""
        {MomentInTime.Past}
        select {MomentInTime.Columns}
          from {MomentInTime.Versions}
         where {MomentInTime.InScope}
           and v.trusted
           and v.kind = any ($10)
         order by v.importance desc, v.said_at desc, m.id
         limit $11
        """;

    // The vector of every version is kept. They have unit length, so the negative inner product orders as cosine distance does.
    private const string Nearest = $"""
        {MomentInTime.Past}
        select {MomentInTime.Columns}, -(n.embedding <#> $10)
          from {MomentInTime.Versions}
          join memory_vectors n
            on n.project_id = $1 and n.owner_kind = $2 and n.owner_id = $3 and n.memory_id = v.memory_id and n.version = v.version and n.model = $11
         where {MomentInTime.InScope}
         order by n.embedding <#> $10
         limit $12
        """;

    /// <summary>One page of what a scope remembered at that moment, the newest memory first, and how many there were in all.</summary>
    /// <param name="page">From 1.</param>
    public async Task<(IReadOnlyList<MemoryRecord> Records, long Total)> ListAsync(
        Principal principal, MemoryScope scope, MomentInTime moment, int page, int pageSize, CancellationToken cancellationToken)
    {
        AccessPolicy.RequireOwner(principal, scope.Owner);
        var lane = new Lane(principal.Project, scope.Owner);
        List<long> total = await db.QueryAsync(
            lane.Project, new Sql<long>(Count, row => row.GetInt64(0), moment.Keys(lane, scope, null)), cancellationToken);
        List<MemoryRecord> records = await db.QueryAsync(
            lane.Project,
            new Sql<MemoryRecord>(Page, MemoryRecord.Read, moment.Keys(lane, scope, null, pageSize, (long)(page - 1) * pageSize)),
            cancellationToken);
        return (records, total[0]);
    }

    /// <summary>What was trusted then of some kinds, the most important first.</summary>
    public Task<List<MemoryRecord>> OfKindsAsync(
        Lane lane, MemoryScope scope, string? collection, MomentInTime moment, IReadOnlyCollection<string> kinds, int limit, CancellationToken cancellationToken) =>
        db.QueryAsync(
            lane.Project, new Sql<MemoryRecord>(OfKinds, MemoryRecord.Read, moment.Keys(lane, scope, collection, kinds.ToArray(), limit)), cancellationToken);

    /// <summary>What was nearest then, nearest first: every version of that moment is compared.</summary>
    /// <param name="vector">Unit length, of the space's dimensions.</param>
    /// <exception cref="VectorSpaceException">The vector does not belong to the space.</exception>
    public Task<List<Neighbour>> NearestAsync(
        Lane lane, MemoryScope scope, string? collection, MomentInTime moment, ReadOnlyMemory<float> vector, int limit, CancellationToken cancellationToken)
    {
        space.Check(vector.Span);
        return db.QueryAsync(
            lane.Project,
            new Sql<Neighbour>(
                Nearest,
                row => new Neighbour(MemoryRecord.Read(row), row.GetDouble(MemoryRecord.ColumnCount)),
                moment.Keys(lane, scope, collection, MemoryStatements.ToHalf(vector.Span), space.Model, limit)),
            cancellationToken);
    }
}
