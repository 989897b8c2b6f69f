using Npgsql;

namespace Memory.Core.Storage;

/// <summary>Statements that are sent together and answered together: one trip to Postgres, one implicit transaction.</summary>
public sealed class RoundTrip
{
    private readonly List<(NpgsqlBatchCommand Command, Func<NpgsqlDataReader, CancellationToken, Task> Read)> _statements = [];

    /// <returns>The statement's rows, filled once the trip was made.</returns>
    public List<T> Add<T>(Sql<T> statement)
    {
        var rows = new List<T>();
        _statements.Add((statement.ToCommand(), async (reader, cancellationToken) => rows.AddRange(await statement.ReadAsync(reader, cancellationToken))));
        return rows;
    }

    internal async Task SendAsync(NpgsqlConnection connection, NpgsqlBatchCommand first, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(first);
        foreach ((NpgsqlBatchCommand command, _) in _statements)
            batch.BatchCommands.Add(command);
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
        foreach ((_, Func<NpgsqlDataReader, CancellationToken, Task> read) in _statements)
        {
            await reader.NextResultAsync(cancellationToken);
            await read(reader, cancellationToken);
        }
    }
}
