using System.Data;
using Npgsql;

namespace Memory.Core.Storage;

/// <summary>
/// The only place that opens connections. Everything runs inside a transaction that knows its project, so that row level
/// security holds under any pooler: the setting is local to the transaction and dies with it.
/// </summary>
/// <param name="keepsPrepared">Whether connections are ours alone, so that what was prepared on one is there the next time.</param>
public sealed class MemoryDb(NpgsqlDataSource source, bool keepsPrepared = false)
{
    // Compiling a statement takes longer than any of ours: the planner would have it done where an owner has very many rows.
    private const string SetProject = "select set_config('app.project', $1, true), set_config('jit', 'off', true)";

    // The driver learns a database's types once. What it learned before a migration or a restore no longer holds after it.
    private volatile bool _typesMayHaveChanged;

    /// <summary>One statement, one round trip.</summary>
    /// <exception cref="StorageUnavailableException">Postgres does not answer.</exception>
    public async Task<List<T>> QueryAsync<T>(ProjectId project, Sql<T> statement, CancellationToken cancellationToken)
    {
        var trip = new RoundTrip();
        List<T> rows = trip.Add(statement);
        await SendAsync(project, trip, cancellationToken);
        return rows;
    }

    /// <summary>Several statements that only read, in one round trip.</summary>
    /// <exception cref="StorageUnavailableException">Postgres does not answer.</exception>
    public Task SendAsync(ProjectId project, RoundTrip trip, CancellationToken cancellationToken) => OnConnectionAsync(
        async connection =>
        {
            await trip.SendAsync(connection, ProjectCommand(project), cancellationToken);
            return true;
        },
        cancellationToken);

    /// <summary>Several statements that commit together or not at all.</summary>
    /// <exception cref="StorageUnavailableException">Postgres does not answer; whether the commit happened is unknown.</exception>
    public Task<T> TransactionAsync<T>(
        ProjectId project, Func<MemoryTransaction, Task<T>> work, CancellationToken cancellationToken) =>
        TransactionAsync(project, IsolationLevel.ReadCommitted, isPrepared: false, work, cancellationToken);

    /// <summary>The same for what every message sends, always with the same texts: planned once a connection, where that may be.</summary>
    internal Task<T> PreparedAsync<T>(ProjectId project, Func<MemoryTransaction, Task<T>> work, CancellationToken cancellationToken) =>
        TransactionAsync(project, IsolationLevel.ReadCommitted, keepsPrepared, work, cancellationToken);

    public Task TransactionAsync(ProjectId project, Func<MemoryTransaction, Task> work, CancellationToken cancellationToken) =>
        TransactionAsync(project, async transaction => { await work(transaction); return true; }, cancellationToken);

    /// <summary>Several statements that only read, all of one moment.</summary>
    /// <exception cref="StorageUnavailableException">Postgres does not answer.</exception>
    public Task<T> SnapshotAsync<T>(
        ProjectId project, Func<MemoryTransaction, Task<T>> work, CancellationToken cancellationToken) =>
        TransactionAsync(project, IsolationLevel.RepeatableRead, isPrepared: false, work, cancellationToken);

    private Task<T> TransactionAsync<T>(
        ProjectId project, IsolationLevel isolation, bool isPrepared, Func<MemoryTransaction, Task<T>> work, CancellationToken cancellationToken) =>
        OnConnectionAsync(
            async connection =>
            {
                await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(isolation, cancellationToken);
                T result = await work(new MemoryTransaction(connection, ProjectCommand(project), isPrepared));
                await transaction.CommitAsync(cancellationToken);
                return result;
            },
            cancellationToken);

    /// <summary>
    /// A statement that belongs to no project: finding a key, claiming a lane, reading the schema's version. It sees only
    /// what an explicit policy opens to the role.
    /// </summary>
    /// <exception cref="StorageUnavailableException">Postgres does not answer.</exception>
    public Task<List<T>> AcrossProjectsAsync<T>(Sql<T> statement, CancellationToken cancellationToken) =>
        OnConnectionAsync(
            async connection =>
            {
                await using var batch = new NpgsqlBatch(connection);
                batch.BatchCommands.Add(statement.ToCommand());
                await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
                return await statement.ReadAsync(reader, cancellationToken);
            },
            cancellationToken);

    private async Task<T> OnConnectionAsync<T>(Func<NpgsqlConnection, Task<T>> work, CancellationToken cancellationToken)
    {
        var isOpen = false;
        try
        {
            await using NpgsqlConnection connection = await OpenAsync(cancellationToken);
            isOpen = true;
            return await work(connection);
        }
        catch (NpgsqlException cause) when (IsUnavailable(cause))
        {
            _typesMayHaveChanged = true;
            throw Unavailable(cause, isOpen && IsSlow(cause));
        }
    }

    private async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        NpgsqlConnection connection = await source.OpenConnectionAsync(cancellationToken);
        if (!_typesMayHaveChanged)
            return connection;
        _typesMayHaveChanged = false;
        try
        {
            await connection.ReloadTypesAsync(cancellationToken);
            return connection;
        }
        catch
        {
            _typesMayHaveChanged = true;
            await connection.DisposeAsync();
            throw;
        }
    }

    private static NpgsqlBatchCommand ProjectCommand(ProjectId project) =>
        new(SetProject) { Parameters = { new NpgsqlParameter<string> { TypedValue = project.ToString() } } };

    // 57P01..57P03: the server is being stopped or started; 57014: a statement took too long; 25P03: a transaction was left
    // idle too long; 40001, 40P01, 55P03: another transaction was in the way; class 53: no connection, memory or disk is left.
    private static bool IsUnavailable(NpgsqlException cause) =>
        IsNotMigrated(cause)
        || cause is PostgresException { SqlState: "57P01" or "57P02" or "57P03" or "57014" or "25P03" or "40001" or "40P01" or "55P03" }
        || cause is PostgresException { SqlState: ['5', '3', ..] }
        || (cause is not PostgresException && (cause.IsTransient || cause.InnerException is TimeoutException or IOException));

    // 42P01, 3D000, 28P01: tables, database or role are not there until migrate has run.
    private static bool IsNotMigrated(NpgsqlException cause) => cause is PostgresException { SqlState: "42P01" or "3D000" or "28P01" };

    private static bool IsSlow(NpgsqlException cause) => cause is PostgresException { SqlState: "57014" } || cause.InnerException is TimeoutException;

    private static StorageUnavailableException Unavailable(NpgsqlException cause, bool isSlow) => new(
        IsNotMigrated(cause) ? "The memory database is not migrated yet; try again in a moment." : "The memory database does not answer; try again in a moment.",
        cause)
    {
        IsSlow = isSlow,
    };
}
