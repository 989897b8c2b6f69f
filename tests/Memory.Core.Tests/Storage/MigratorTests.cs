using Memory.Core.Storage;
using Memory.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Memory.Core.Tests.Storage;

public sealed class MigratorTests
{
    [Fact]
    public async Task A_missing_database_is_created_and_brought_up_to_date()
    {
        string database = (await TestServers.SharedAsync()).NameOfNewDatabase();

        int applied = await MigrateAsync(database);

        Assert.Equal(Migration.CurrentVersion, applied);
        Assert.Equal(Migration.CurrentVersion, await TestDatabase.RunAsync(database, "select max(version) from schema_migrations"));
    }

    [Fact]
    public async Task Migrating_twice_changes_nothing()
    {
        string database = (await TestServers.SharedAsync()).NameOfNewDatabase();
        await MigrateAsync(database);

        Assert.Equal(0, await MigrateAsync(database));
    }

    [Fact]
    public async Task Racing_migrators_wait_for_one_another()
    {
        string database = (await TestServers.SharedAsync()).NameOfNewDatabase();

        int[] applied = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => MigrateAsync(database)));

        Assert.Equal(Migration.CurrentVersion, applied.Sum());
    }

    [Fact]
    public async Task A_script_that_was_changed_after_it_was_applied_is_refused()
    {
        string database = (await TestServers.SharedAsync()).NameOfNewDatabase();
        await MigrateAsync(database);
        await TestDatabase.RunAsync(database, "update schema_migrations set checksum = 'other' where version = 2");

        var refused = await Assert.ThrowsAsync<MigrationException>(() => MigrateAsync(database));

        Assert.Contains("0002", refused.Message);
    }

    [Fact]
    public async Task A_database_of_a_newer_build_is_refused()
    {
        string database = (await TestServers.SharedAsync()).NameOfNewDatabase();
        await MigrateAsync(database);
        await TestDatabase.RunAsync(database, "insert into schema_migrations (version, name, checksum) values (9999, 'future', 'x')");

        var refused = await Assert.ThrowsAsync<MigrationException>(() => MigrateAsync(database));

        Assert.Contains("newer build", refused.Message);
    }

    [Fact]
    public async Task What_was_learned_by_an_earlier_build_says_since_when_and_what_took_its_place()
    {
        string database = await AtVersionAsync(8);
        await TestDatabase.RunAsync(database, $"{Learned}; {LearnedVersion(1, "2024-05-01", "2024-03-01", "'2024-06-01'", "ADD")}; {LearnedVersion(2, "2024-06-01", "2024-06-02", "null", "UPDATE")}");

        Assert.Equal(Migration.CurrentVersion - 8, await MigrateAsync(database));

        const string Told = "select string_agg(concat_ws(' ', version, said_at at time zone 'utc', superseded_by = memory_id, expires_on), ', ' order by version) from memory_versions";
        Assert.Equal("1 2024-03-01 00:00:00 t, 2 2024-06-01 00:00:00 2030-01-01", await TestDatabase.RunAsync(database, Told));
    }

    [Fact]
    public async Task An_earlier_build_that_still_runs_can_still_write()
    {
        string database = await AtVersionAsync(8);
        await MigrateAsync(database);

        await TestDatabase.RunAsync(database, $"{Learned}; {LearnedVersion(2, "2024-06-01", "2024-06-02", "null", "UPDATE")}");

        Assert.Equal(1L, await TestDatabase.RunAsync(database, "select count(*) from memory_versions where said_at > now() - interval '1 hour'"));
    }

    // The columns of version 8 and no others, as its build names them.
    private const string Learned = """
        insert into organizations (id, name) values ('00000000-0000-7000-8000-000000000008', 'old');
        insert into projects (id, organization_id, name)
        values ('00000000-0000-7000-8000-000000000009', '00000000-0000-7000-8000-000000000008', 'old');
        insert into collections (project_id, name, model, dimensions) values ('00000000-0000-7000-8000-000000000009', 'memories', 'm', 3);
        insert into lanes as l (project_id, owner_kind, owner_id) values ('00000000-0000-7000-8000-000000000009', 'user', 'ana')
        on conflict (project_id, owner_kind, owner_id) do update set version = l.version + 1;
        insert into memories (project_id, owner_kind, owner_id, id, collection, version, status, kind, content, content_hash, words,
                              importance, confidence, trusted, expires_on, created_at, updated_at)
        values ('00000000-0000-7000-8000-000000000009', 'user', 'ana', '00000000-0000-7000-8000-00000000000a', 'memories', 2, 'active', 'fact',
                'User likes tea', '\x00', '', 0.5, 0.5, true, '2030-01-01', now(), now());
        insert into entities (project_id, owner_kind, owner_id, id, kind, name, name_key)
        values ('00000000-0000-7000-8000-000000000009', 'user', 'ana', '00000000-0000-7000-8000-00000000000b', 'thing', 'Tea', 'tea')
        on conflict (project_id, owner_kind, owner_id, name_key) do nothing;
        insert into memory_entities (project_id, owner_kind, owner_id, memory_id, entity_id)
        values ('00000000-0000-7000-8000-000000000009', 'user', 'ana', '00000000-0000-7000-8000-00000000000a', '00000000-0000-7000-8000-00000000000b')
        on conflict do nothing
        """;

    private static string LearnedVersion(int version, string knownFrom, string validFrom, string knownTo, string change) => $"""
        insert into memory_versions (project_id, owner_kind, owner_id, memory_id, version, change, kind, content, importance, confidence, trusted,
                                     reason, valid_from, known_from, known_to, source, source_seqs, actor, model)
        values ('00000000-0000-7000-8000-000000000009', 'user', 'ana', '00000000-0000-7000-8000-00000000000a', {version}, '{change}', 'fact',
                'User likes tea', 0.5, 0.5, true, 'said', '{validFrom} 00:00Z', '{knownFrom} 00:00Z', {knownTo}, 'user', array[1]::bigint[], 'worker', 'builtin')
        """;

    // As a build left it that knew no more.
    private static async Task<string> AtVersionAsync(int version)
    {
        string database = (await TestServers.SharedAsync()).NameOfNewDatabase();
        var maintenance = new NpgsqlConnectionStringBuilder(database) { Database = "postgres", Pooling = false };
        await TestDatabase.RunAsync(maintenance.ConnectionString, $"create database {new NpgsqlConnectionStringBuilder(database).Database}");
        await TestDatabase.RunAsync(database, "create table schema_migrations (version integer primary key, name text not null, checksum text not null, applied_at timestamptz not null default now())");
        foreach (Migration migration in Migration.All.Take(version))
        {
            await TestDatabase.RunAsync(database, migration.Text);
            await TestDatabase.RunAsync(database, "insert into schema_migrations (version, name, checksum) values ($1, $2, $3)", migration.Version, migration.Name, migration.Checksum);
        }

        return database;
    }

    private static Task<int> MigrateAsync(string database) =>
        new Migrator(database, NullLogger<Migrator>.Instance).MigrateAsync(TestServers.Passwords, CancellationToken.None);
}
