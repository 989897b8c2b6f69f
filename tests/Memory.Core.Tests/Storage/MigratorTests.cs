using Memory.Core.Storage;
using Memory.Testing;
using Microsoft.Extensions.Logging.Abstractions;

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

    private static Task<int> MigrateAsync(string database) =>
        new Migrator(database, NullLogger<Migrator>.Instance).MigrateAsync(TestServers.Passwords, CancellationToken.None);
}
