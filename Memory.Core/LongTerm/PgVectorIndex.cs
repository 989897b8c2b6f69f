using Memory.Core.Lanes;
using Memory.Core.LongTerm.Filters;
using Memory.Core.Storage;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Memory.Core.LongTerm;

/// <summary>A memory found, and how near it is.</summary>
/// <param name="Similarity">Cosine similarity in -1..1, higher is nearer.</param>
public sealed record Neighbour(MemoryRecord Record, double Similarity);

/// <summary>
/// Exact search inside one owner's memory: every vector of the owner is compared, nobody else's is. No approximate index, so
/// nothing is missed, and the cost follows the owner's memory, not the total. Where an owner has very many, the nearest by
/// <see cref="RotatedSigns"/> are compared. As many are found as were asked for, or all there are, whatever is left out.
/// </summary>
public sealed class PgVectorIndex(MemoryDb db, VectorSpace space, OwnerSizes sizes, IOptions<VectorIndexOptions> options)
{
    private const string Described = $"""
        select {MemoryRecord.Columns}, n.similarity, n.counted
          from near_memories n
          join memories m
            on m.project_id = $1 and m.owner_kind = $2 and m.owner_id = $3 and m.id = n.memory_id
          {MemoryRecord.CurrentVersion}
         order by n.similarity desc, n.memory_id
        """;

    /// <summary>The nearest active memories, best first, those that are equally near by their ids.</summary>
    /// <exception cref="VectorSpaceException">The vector does not belong to the space.</exception>
    public Sql<NearMemory> Statement(VectorQuestion question)
    {
        (string text, object?[] arguments, bool isCounting) = Compose(question);
        return new Sql<NearMemory>(
            text,
            row =>
            {
                Learn(question.Lane, row, 2, ref isCounting);
                return new NearMemory(new MemoryId(row.GetGuid(0)), row.GetDouble(1));
            },
            arguments);
    }

    /// <summary>The nearest active memories of the owner with what they say, nearest first.</summary>
    /// <param name="vector">Unit length, of the space's dimensions.</param>
    /// <param name="collection">Null: all of them.</param>
    /// <exception cref="VectorSpaceException">The vector does not belong to the space.</exception>
    public Task<List<Neighbour>> SearchAsync(
        Lane lane, ReadOnlyMemory<float> vector, string? collection, int limit, CancellationToken cancellationToken)
    {
        (string text, object?[] arguments, bool isCounting) = Compose(new VectorQuestion(lane, vector, limit) { Collection = collection });
        var search = new Sql<Neighbour>(
            $"with near_memories as materialized ({text}) {Described}",
            row =>
            {
                Learn(lane, row, MemoryRecord.ColumnCount + 1, ref isCounting);
                return new Neighbour(MemoryRecord.Read(row), row.GetDouble(MemoryRecord.ColumnCount));
            },
            arguments);
        return db.QueryAsync(lane.Project, search, cancellationToken);
    }

    private (string Text, object?[] Arguments, bool IsCounting) Compose(VectorQuestion question)
    {
        space.Check(question.Vector.Span);
        bool bySigns = sizes.IsLarge(question.Lane);
        int countUpTo = sizes.CountUpTo(question.Lane);
        var arguments = new SqlArguments(question.Lane.Keys(
            MemoryStatements.ToHalf(question.Vector.Span), space.Model, question.Limit, countUpTo));
        if (bySigns)
        {
            arguments.Add(RotatedSigns.Of(question.Vector.Span));
            arguments.Add(Math.Max((long)options.Value.Reranked, (long)options.Value.RerankedPerResult * question.Limit));
        }

        string text = MemoryNarrowing.ToSql(question.Scope, question.Collection, question.Filter, arguments) is { Length: > 0 } conditions
            ? bySigns ? NearestStatements.OfSomeBySigns(conditions) : NearestStatements.OfSome(conditions)
            : bySigns ? NearestStatements.OfAllBySigns : NearestStatements.OfAll;
        return (text, arguments.ToArray(), countUpTo > 0);
    }

    // Every row tells the same count: the first is enough.
    private void Learn(Lane lane, NpgsqlDataReader row, int column, ref bool isCounting)
    {
        if (!isCounting)
            return;
        isCounting = false;
        sizes.Learn(lane, row.GetInt64(column));
    }
}
