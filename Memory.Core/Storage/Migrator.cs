using Microsoft.Extensions.Logging;
using Npgsql;

namespace Memory.Core.Storage;

/// <summary>
/// Brings a database to this build's version: creates it and its login roles where they are missing, then applies what is
/// new, each script in a transaction of its own. Racing migrators wait for one another.
/// </summary>
public sealed class Migrator(string connectionString, ILogger<Migrator> logger)
{
    // Transaction-level, so that it is safe behind a pooler; the number is arbitrary but ours.
    private const string TakeLock = "select pg_advisory_xact_lock(7261850243)";

    private const string CreateJournal = """
        create table if not exists schema_migrations (
            version    integer     primary key,
            name       text        not null,
            checksum   text        not null,
            applied_at timestamptz not null default now());
        grant select on schema_migrations to public
        """;

    /// <returns>How many scripts were applied.</returns>
    /// <exception cref="MigrationException">The database is newer than this build, was migrated by changed scripts, or lacks pgvector.</exception>
    public async Task<int> MigrateAsync(RolePasswords passwords, CancellationToken cancellationToken)
    {
        // Databases and roles belong to the whole cluster, so both are made from its maintenance database.
        var maintenance = new NpgsqlConnectionStringBuilder(connectionString) { Database = "postgres", Pooling = false };
        await using (NpgsqlDataSource cluster = NpgsqlDataSource.Create(maintenance))
        {
            await CreateDatabaseAsync(cluster, cancellationToken);
            await DatabaseRoles.EnsureAsync(cluster, passwords, cancellationToken);
        }

        await using NpgsqlDataSource source = NpgsqlDataSource.Create(connectionString);

        var applied = 0;
        while (await ApplyNextAsync(source, cancellationToken) is { } migration)
        {
            logger.MigrationApplied(migration.Version, migration.Name);
            applied++;
        }

        logger.SchemaIsCurrent(Migration.CurrentVersion, applied);
        return applied;
    }

    private async Task CreateDatabaseAsync(NpgsqlDataSource cluster, CancellationToken cancellationToken)
    {
        var target = new NpgsqlConnectionStringBuilder(connectionString);
        await using NpgsqlCommand exists = cluster.CreateCommand("select 1 from pg_database where datname = $1");
        exists.Parameters.Add(new NpgsqlParameter<string> { TypedValue = target.Database! });
        if (await exists.ExecuteScalarAsync(cancellationToken) is not null)
            return;

        string name = target.Database!.Replace("\"", "\"\"", StringComparison.Ordinal);
        await using NpgsqlCommand create = cluster.CreateCommand($"create database \"{name}\"");
        try
        {
            await create.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (PostgresException raced) when (raced.SqlState is PostgresErrorCodes.DuplicateDatabase or PostgresErrorCodes.UniqueViolation)
        {
            // Another migrator was a moment faster: the database is there.
        }
    }

    private static async Task<Migration?> ApplyNextAsync(NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(cancellationToken);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken);
        // The lock first: waiting for another migrator may take long, waiting for a table in use may not.
        await ExecuteAsync(connection, TakeLock, cancellationToken);
        await ExecuteAsync(connection, "set local lock_timeout = '2s'", cancellationToken);
        await ExecuteAsync(connection, CreateJournal, cancellationToken);
        Migration? next = await NextAsync(connection, cancellationToken);
        if (next is not null)
            await ApplyAsync(connection, next, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return next;
    }

    private static async Task<Migration?> NextAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select version, name, checksum from schema_migrations order by version", connection);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
        var version = 0;
        while (await reader.ReadAsync(cancellationToken))
        {
            version = reader.GetInt32(0);
            if (version > Migration.CurrentVersion)
                throw new MigrationException($"The database is at version {version}, this build knows {Migration.CurrentVersion}: run a newer build.");
            if (Migration.All[version - 1].Checksum != reader.GetString(2))
                throw new MigrationException($"Migration {reader.GetString(1)} was applied with another text: applied scripts never change, add the next number.");
        }

        return version < Migration.CurrentVersion ? Migration.All[version] : null;
    }

    private static async Task ApplyAsync(NpgsqlConnection connection, Migration migration, CancellationToken cancellationToken)
    {
        try
        {
            await ExecuteAsync(connection, migration.Text, cancellationToken);
        }
        catch (PostgresException cause) when (cause.SqlState is "58P01" or "0A000" && cause.MessageText.Contains("extension", StringComparison.Ordinal))
        {
            throw new MigrationException(
                $"Postgres cannot load an extension ({cause.MessageText}). Install pgvector 0.8 or newer (Debian: postgresql-NN-pgvector) and the contrib extensions.", cause);
        }

        await using var journal = new NpgsqlCommand("insert into schema_migrations (version, name, checksum) values ($1, $2, $3)", connection);
        journal.Parameters.Add(new NpgsqlParameter<int> { TypedValue = migration.Version });
        journal.Parameters.Add(new NpgsqlParameter<string> { TypedValue = migration.Name });
        journal.Parameters.Add(new NpgsqlParameter<string> { TypedValue = migration.Checksum });
        await journal.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string text, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(text, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}

/// <summary>The database cannot be brought to this build's version; the message says what to do.</summary>
public sealed class MigrationException(string message, Exception? cause = null) : Exception(message, cause);
