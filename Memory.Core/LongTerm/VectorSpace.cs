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

    private const string Stored = "select model, dimensions, reembedding from vector_spaces()";

    /// <summary>Whether all stored vectors, whosever they are, belong to this space.</summary>
    /// <exception cref="VectorSpaceException">They do not, or are still being made anew; it says what to do.</exception>
    public async Task RequireAsync(MemoryDb db, CancellationToken cancellationToken)
    {
        var spaces = await db.AcrossProjectsAsync(
            new Sql<(VectorSpace Space, bool Reembedding)>(Stored, row => (new VectorSpace(row.GetString(0), row.GetInt32(1)), row.GetBoolean(2))),
            cancellationToken);
        foreach ((VectorSpace stored, bool reembedding) in spaces)
        {
            if (stored != this)
                throw new VectorSpaceException($"Memories are stored with vectors of {stored}, but {this} is configured. Configure the former again, or {HowToReembed}");
            if (reembedding)
                throw new VectorSpaceException($"Not all vectors are made anew by {this} yet: to finish it, {HowToReembed}");
        }
    }

    /// <summary>Claims the collection's space at its first write, and afterwards only checks.</summary>
    /// <exception cref="VectorSpaceException">The collection holds vectors of another model or length.</exception>
    internal async Task EnsureAsync(MemoryTransaction transaction, ProjectId project, string collection, CancellationToken cancellationToken)
    {
        await transaction.ExecuteAsync([Sql.Command(Ensure, project, collection, Model, Dimensions)], cancellationToken);
        VectorSpace stored = (await transaction.QueryAsync(
            new Sql<VectorSpace>(Find, row => new VectorSpace(row.GetString(0), row.GetInt32(1)), project, collection), cancellationToken))[0];
        if (stored != this)
            throw new VectorSpaceException(
                $"Collection '{collection}' holds vectors of {stored}, but {this} is configured. Vectors of two models are never mixed.");
    }

    /// <summary>Refuses a vector that would poison a search: of another length, not finite, or not of unit length.</summary>
    /// <exception cref="VectorSpaceException">It is one of these.</exception>
    public void Check(ReadOnlySpan<float> vector)
    {
        if (vector.Length != Dimensions)
            throw new VectorSpaceException($"{Model} answered with {vector.Length} dimensions instead of {Dimensions}.");
        if (!IsUnit(vector))
            throw new VectorSpaceException($"{Model} answered with a vector of length {Math.Sqrt(Squares(vector)):G4} instead of 1.");
    }

    /// <summary>Whether it has unit length, which nothing has that holds a value that is no number.</summary>
    internal static bool IsUnit(ReadOnlySpan<float> vector) => Math.Abs(Squares(vector) - 1) < 0.01;

    private static double Squares(ReadOnlySpan<float> vector)
    {
        var squares = 0d;
        foreach (float value in vector)
            squares += (double)value * value;
        return squares;
    }

    public override string ToString() => $"{Model} ({Dimensions} dimensions)";

    private const string HowToReembed =
        "make all vectors anew with the model that is configured: run Memory.Ingestor with the arguments 'migrate reembed', or AspireMemory__Reembed=true ./run.";
}
