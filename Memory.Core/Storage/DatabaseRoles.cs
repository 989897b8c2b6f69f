using System.ComponentModel.DataAnnotations;
using Npgsql;

namespace Memory.Core.Storage;

/// <summary>Passwords of the login roles, from secret parameters; only <c>migrate</c> needs them.</summary>
public sealed class RolePasswords
{
    public const string Section = StorageOptions.Section;

    [Required(ErrorMessage = "Memory:Storage:ApiPassword is missing: the password of the role memory_api.")]
    public string ApiPassword { get; set; } = "";

    [Required(ErrorMessage = "Memory:Storage:WorkerPassword is missing: the password of the role memory_worker.")]
    public string WorkerPassword { get; set; } = "";

    [Required(ErrorMessage = "Memory:Storage:AuditorPassword is missing: the password of the role memory_auditor.")]
    public string AuditorPassword { get; set; } = "";
}

/// <summary>
/// The roles the services log in with: neither owner nor superuser, so that row level security binds them.
/// </summary>
public static class DatabaseRoles
{
    public const string Api = "memory_api";
    public const string Worker = "memory_worker";
    public const string Auditor = "memory_auditor";

    // Utility statements take no parameters: format() quotes the values on the server instead.
    private const string CreateStatement = """
        select format('create role %I', $1) where not exists (select 1 from pg_roles where rolname = $1)
        """;

    private const string PasswordStatement = """
        select format('alter role %I with login nosuperuser nobypassrls nocreatedb nocreaterole password %L', $1, $2)
        """;

    // Whoever stops inside a transaction, or is cut off, would hold its locks, and a lane with them, for as long as its
    // connection lives. No step inside one waits for anything but Postgres.
    private const string IdleStatement = """
        select format('alter role %I set idle_in_transaction_session_timeout = %L', $1, '5s')
        """;

    // Two migrators that alter one role at once would fail with "tuple concurrently updated".
    private const string TakeLock = "select pg_advisory_xact_lock(7261850244)";

    /// <param name="cluster">The maintenance database: roles belong to the whole cluster, and so must the lock.</param>
    internal static async Task EnsureAsync(NpgsqlDataSource cluster, RolePasswords passwords, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await cluster.OpenConnectionAsync(cancellationToken);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using (var take = new NpgsqlCommand(TakeLock, connection))
            await take.ExecuteNonQueryAsync(cancellationToken);
        foreach ((string role, string password) in new[] { (Api, passwords.ApiPassword), (Worker, passwords.WorkerPassword), (Auditor, passwords.AuditorPassword) })
        {
            await ExecuteFormattedAsync(connection, CreateStatement, cancellationToken, role);
            await ExecuteFormattedAsync(connection, PasswordStatement, cancellationToken, role, password);
            await ExecuteFormattedAsync(connection, IdleStatement, cancellationToken, role);
        }

        await transaction.CommitAsync(cancellationToken);
    }

    private static async Task ExecuteFormattedAsync(
        NpgsqlConnection connection, string format, CancellationToken cancellationToken, params string[] arguments)
    {
        await using var formatted = new NpgsqlCommand(format, connection);
        foreach (string argument in arguments)
            formatted.Parameters.Add(new NpgsqlParameter<string> { TypedValue = argument });
        if (await formatted.ExecuteScalarAsync(cancellationToken) is not string statement)
            return;
        await using var command = new NpgsqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
