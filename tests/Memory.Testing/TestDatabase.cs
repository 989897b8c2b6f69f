using Memory.Core.Storage;
using Npgsql;

namespace Memory.Testing;

/// <summary>A database of a test class's own, and how each role reaches it.</summary>
public sealed class TestDatabase(string owner, RolePasswords passwords)
{
    // Only so that a failing test fails instead of hanging.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(120);

    /// <summary>As the superuser: only for arranging and for looking behind the curtain.</summary>
    public string Owner { get; } = owner;

    public string Api { get; } = As(owner, "memory_api", passwords.ApiPassword);

    public string Worker { get; } = As(owner, "memory_worker", passwords.WorkerPassword);

    public string Auditor { get; } = As(owner, "memory_auditor", passwords.AuditorPassword);

    /// <summary>The first column of the first row, as the superuser.</summary>
    public async Task<T> ScalarAsync<T>(string text, params object[] arguments) => (T)(await RunAsync(Owner, text, arguments))!;

    public Task ExecuteAsync(string text, params object[] arguments) => RunAsync(Owner, text, arguments);

    /// <summary>From now on the database refuses rows of a table, whoever writes them.</summary>
    /// <param name="when">Of the new row, in SQL.</param>
    /// <param name="code">The SQLSTATE it is refused with.</param>
    public Task RefuseAsync(string table, string when = "true", string code = "P0001") => ExecuteAsync($"""
        create function refuse() returns trigger language plpgsql as $$ begin raise exception using errcode = '{code}', message = 'refused'; end $$;
        create trigger refuse before insert or update on {table} for each row when ({when}) execute function refuse()
        """);

    /// <summary>It refuses nothing any more.</summary>
    public Task RelentAsync() => ExecuteAsync("drop function refuse cascade");

    /// <summary>All rows, as the superuser.</summary>
    public async Task<List<T>> ListAsync<T>(string text, Func<NpgsqlDataReader, T> map, params object[] arguments)
    {
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(Owner);
        await using NpgsqlCommand command = Command(source, text, arguments);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
        List<T> rows = [];
        while (await reader.ReadAsync())
            rows.Add(map(reader));
        return rows;
    }

    /// <summary>Waits until a query that answers with a boolean says yes.</summary>
    /// <param name="within">Null: two minutes.</param>
    /// <param name="unless">What ends the waiting, too, once it has ended; null: nothing.</param>
    public async Task UntilAsync(string query, TimeSpan? within = null, Task? unless = null)
    {
        using var patience = new CancellationTokenSource(within ?? s_patience);
        while (unless is not { IsCompleted: true } && !await ScalarAsync<bool>(query))
            await Task.Delay(50, patience.Token);
    }

    /// <summary>Whether so many wait for a lock: a query for <see cref="UntilAsync"/>.</summary>
    /// <param name="role">Of those; null: of all.</param>
    public static string Waiting(int count = 1, string? role = null) => $"""
        select count(*) >= {count}
          from pg_stat_activity
         where datname = current_database() and wait_event_type = 'Lock'{(role is null ? "" : $" and usename = '{role}'")}
        """;

    /// <summary>One statement on a connection of its own; the first column of the first row.</summary>
    public static async Task<object?> RunAsync(string connection, string text, params object[] arguments)
    {
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(connection);
        await using NpgsqlCommand command = Command(source, text, arguments);
        return await command.ExecuteScalarAsync();
    }

    private static NpgsqlCommand Command(NpgsqlDataSource source, string text, object[] arguments)
    {
        NpgsqlCommand command = source.CreateCommand(text);
        foreach (object argument in arguments)
            command.Parameters.Add(new NpgsqlParameter { Value = argument });
        return command;
    }

    private static string As(string owner, string role, string password) =>
        new NpgsqlConnectionStringBuilder(owner) { Username = role, Password = password, Pooling = true, MaxPoolSize = 20 }.ConnectionString;
}
