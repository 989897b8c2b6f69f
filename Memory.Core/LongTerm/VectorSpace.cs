using Memory.Core.Storage;

namespace Memory.Core.LongTerm;

/// <summary>The embedding model a collection's vectors come from, and their length.</summary>
public sealed record VectorSpace(string Model, int Dimensions)
{
    private const string Ensure = """
        insert into collections (project_id, name, model, dimensions)
        values ($1, $2, $3, $4)
        on conflict (project_id, name) do nothing
        """;

    private const string Find = "select model, dimensions from collections where project_id = $1 and name = $2";

    /// <summary>Claims the collection's space at its first write, and afterwards only checks.</summary>
    /// <exception cref="VectorSpaceException">The collection holds vectors of another model or length.</exception>
    internal async Task EnsureAsync(MemoryTransaction transaction, ProjectId project, string collection, CancellationToken cancellationToken)
    {
        await transaction.ExecuteAsync([Sql.Command(Ensure, project, collection, Model, Dimensions)], cancellationToken);
        VectorSpace stored = (await transaction.QueryAsync(
            new Sql<VectorSpace>(Find, row => new VectorSpace(row.GetString(0), row.GetInt32(1)), project, collection), cancellationToken))[0];
        if (stored != this)
            throw new VectorSpaceException(
                $"Collection '{collection}' holds vectors of {stored.Model} ({stored.Dimensions} dimensions), but {Model} ({Dimensions}) is configured. Configure the former; vectors of two models are never mixed.");
    }

    /// <summary>Refuses a vector that would poison a search: of another length, not finite, or not of unit length.</summary>
    /// <exception cref="VectorSpaceException">It is one of these.</exception>
    public void Check(ReadOnlySpan<float> vector)
    {
        if (vector.Length != Dimensions)
            throw new VectorSpaceException($"{Model} answered with {vector.Length} dimensions instead of {Dimensions}.");
        var squares = 0d;
        foreach (float value in vector)
            squares += (double)value * value;
        if (!(Math.Abs(squares - 1) < 0.01))
            throw new VectorSpaceException($"{Model} answered with a vector of length {Math.Sqrt(squares):G4} instead of 1.");
    }
}
