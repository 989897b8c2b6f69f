using Memory.Core.Lanes;
using Memory.Core.Storage;

namespace Memory.Core.LongTerm;

/// <summary>A memory found, and how near it is.</summary>
/// <param name="Similarity">Cosine similarity in -1..1, higher is nearer.</param>
public sealed record Neighbour(MemoryRecord Record, double Similarity);

/// <summary>
/// Exact search inside one owner's memory: every vector of the owner is read, nobody else's is. No approximate index, so
/// nothing is missed, and the cost follows the owner's memory, not the total.
/// </summary>
public sealed class PgVectorIndex(MemoryDb db, VectorSpace space)
{
    // Vectors have unit length, so the negative inner product orders as cosine distance does, for less.
    private const string Search = $"""
        select {MemoryRecord.Columns}, n.similarity
          from (select memory_id, -(embedding <#> $4) as similarity
                  from memory_vectors
                 where project_id = $1 and owner_kind = $2 and owner_id = $3 and current and model = $5
                 order by embedding <#> $4
                 limit $6) n
          join memories m
            on m.project_id = $1 and m.owner_kind = $2 and m.owner_id = $3 and m.id = n.memory_id
          {MemoryRecord.CurrentVersion}
         where m.status = 'active'
           and (m.expires_on is null or m.expires_on >= current_date)
           and ($7::text is null or m.collection = $7)
         order by n.similarity desc
        """;

    /// <summary>The nearest active memories of the owner, nearest first.</summary>
    /// <param name="vector">Unit length, of the space's dimensions.</param>
    /// <param name="collection">Null: all of them.</param>
    /// <exception cref="VectorSpaceException">The vector does not belong to the space.</exception>
    public Task<List<Neighbour>> SearchAsync(
        Lane lane, ReadOnlyMemory<float> vector, string? collection, int limit, CancellationToken cancellationToken)
    {
        space.Check(vector.Span);
        var search = new Sql<Neighbour>(
            Search,
            row => new Neighbour(MemoryRecord.Read(row), row.GetDouble(MemoryRecord.ColumnCount)),
            lane.Keys(MemoryStatements.ToHalf(vector.Span), space.Model, limit, collection));
        return db.QueryAsync(lane.Project, search, cancellationToken);
    }
}
