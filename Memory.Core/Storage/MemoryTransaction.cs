using Npgsql;

namespace Memory.Core.Storage;

/// <summary>An open transaction of one project. Its first trip carries the project along with the first statement.</summary>
public sealed class MemoryTransaction
{
    private readonly NpgsqlConnection _connection;
    private readonly bool _isPrepared;
    private NpgsqlBatchCommand? _project;

    /// <param name="isPrepared">Whether its statements stay prepared on the connection; their texts must be few then.</param>
    internal MemoryTransaction(NpgsqlConnection connection, NpgsqlBatchCommand project, bool isPrepared) =>
        (_connection, _project, _isPrepared) = (connection, project, isPrepared);

    public async Task<List<T>> QueryAsync<T>(Sql<T> statement, CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = NewBatch(out bool first);
        batch.BatchCommands.Add(statement.ToCommand());
        await PrepareAsync(batch, cancellationToken);
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
        if (first)
            await reader.NextResultAsync(cancellationToken);
        return await statement.ReadAsync(reader, cancellationToken);
    }

    /// <summary>Two statements in order, in one round trip.</summary>
    public async Task<(List<T1> First, List<T2> Second)> QueryAsync<T1, T2>(Sql<T1> one, Sql<T2> two, CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = NewBatch(out bool first);
        batch.BatchCommands.Add(one.ToCommand());
        batch.BatchCommands.Add(two.ToCommand());
        await PrepareAsync(batch, cancellationToken);
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
        if (first)
            await reader.NextResultAsync(cancellationToken);
        List<T1> answers = await one.ReadAsync(reader, cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        return (answers, await two.ReadAsync(reader, cancellationToken));
    }

    /// <summary>The statements in order, in one round trip. Nothing happens when there are none.</summary>
    public async Task ExecuteAsync(IReadOnlyCollection<Sql<bool>> statements, CancellationToken cancellationToken)
    {
        if (statements.Count == 0)
            return;
        await using NpgsqlBatch batch = NewBatch(out _);
        foreach (Sql<bool> statement in statements)
            batch.BatchCommands.Add(statement.ToCommand());
        await PrepareAsync(batch, cancellationToken);
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    // A trip of its own the first time on a connection, none after that.
    private Task PrepareAsync(NpgsqlBatch batch, CancellationToken cancellationToken) =>
        _isPrepared ? batch.PrepareAsync(cancellationToken) : Task.CompletedTask;

    private NpgsqlBatch NewBatch(out bool first)
    {
        var batch = new NpgsqlBatch(_connection);
        first = _project is not null;
        if (_project is not null)
            batch.BatchCommands.Add(_project);
        _project = null;
        return batch;
    }
}
