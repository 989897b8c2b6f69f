using Memory.Testing;
using Npgsql;

namespace Memory.Core.Tests.Storage;

/// <summary>The second wall: it holds even for a statement that forgot the first.</summary>
public sealed class RowLevelSecurityTests : IAsyncLifetime
{
    private TestDatabase _database = null!;

    public async Task InitializeAsync() => _database = await (await TestServers.SharedAsync()).NewDatabaseAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Every_table_with_a_project_forces_it_on_everybody() =>
        Assert.Equal(0L, await _database.ScalarAsync<long>("""
            select count(*)
              from pg_class c
              join pg_attribute a on a.attrelid = c.oid and a.attname = 'project_id' and not a.attisdropped
             where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace
               and not (c.relrowsecurity and c.relforcerowsecurity)
            """));

    [Fact]
    public async Task Every_table_with_an_owner_has_project_and_owner_in_every_unique_key() =>
        Assert.Equal(0L, await _database.ScalarAsync<long>("""
            select count(*)
              from pg_index i
              join pg_attribute o on o.attrelid = i.indrelid and o.attname = 'owner_id'
             where i.indisunique
               and (select count(*) from pg_attribute a
                     where a.attrelid = i.indrelid and a.attnum = any (i.indkey) and a.attname in ('project_id', 'owner_kind', 'owner_id')) < 3
            """));

    [Fact]
    public async Task No_service_logs_in_as_somebody_it_does_not_bind() =>
        Assert.Equal(3L, await _database.ScalarAsync<long>(
            "select count(*) from pg_roles where rolname in ('memory_api', 'memory_worker', 'memory_auditor') and not rolsuper and not rolbypassrls and rolcanlogin"));

    [Theory]
    [InlineData("memories")]
    [InlineData("episodes")]
    [InlineData("events")]
    [InlineData("memory_vectors")]
    [InlineData("entities")]
    public async Task Without_a_project_nothing_can_be_read(string table)
    {
        var refused = await Assert.ThrowsAsync<PostgresException>(() => TestDatabase.RunAsync(_database.Api, $"select count(*) from {table}"));

        Assert.Contains("app.project", refused.MessageText);
    }

    [Fact]
    public async Task A_statement_without_predicates_sees_its_own_project_only()
    {
        await ArrangeLaneAsync(Guid.NewGuid(), "alice");
        Guid mine = Guid.NewGuid();
        await ArrangeLaneAsync(mine, "alice");

        object? seen = await TestDatabase.RunAsync(
            _database.Api, $"begin; set local app.project = '{mine}'; select count(*) from lanes; commit");

        Assert.Equal(1L, seen);
    }

    [Fact]
    public async Task A_row_cannot_be_written_into_another_project()
    {
        Guid theirs = Guid.NewGuid();
        await ArrangeLaneAsync(theirs, "alice");

        var refused = await Assert.ThrowsAsync<PostgresException>(() => TestDatabase.RunAsync(
            _database.Api,
            $"begin; set local app.project = '{Guid.NewGuid()}'; insert into lanes (project_id, owner_kind, owner_id) values ('{theirs}', 'user', 'bob'); commit"));

        Assert.Equal("42501", refused.SqlState);
    }

    [Theory]
    [InlineData("update audit set action = 'nothing'")]
    [InlineData("delete from audit")]
    [InlineData("truncate audit")]
    public async Task The_audit_log_takes_no_change_not_even_from_its_owner(string change)
    {
        Guid project = Guid.NewGuid();
        await ArrangeLaneAsync(project, "alice");
        await _database.ExecuteAsync("insert into audit (project_id, owner_kind, owner_id, actor, action) values ($1, 'user', 'alice', 'test', 'append')", project);

        var refused = await Assert.ThrowsAsync<PostgresException>(() => _database.ExecuteAsync(change));

        Assert.Contains("append-only", refused.MessageText);
    }

    [Theory]
    [InlineData("memories")]
    [InlineData("episodes")]
    [InlineData("api_keys")]
    public async Task The_auditor_reads_the_audit_log_and_nothing_else(string table)
    {
        await TestDatabase.RunAsync(_database.Auditor, "select count(*) from audit");

        var refused = await Assert.ThrowsAsync<PostgresException>(() => TestDatabase.RunAsync(_database.Auditor, $"select count(*) from {table}"));

        Assert.Equal("42501", refused.SqlState);
    }

    private async Task ArrangeLaneAsync(Guid project, string user)
    {
        Guid organization = await _database.ScalarAsync<Guid>("select id from organizations limit 1");
        await _database.ExecuteAsync("insert into projects (id, organization_id, name) values ($1, $2, 'test')", project, organization);
        await _database.ExecuteAsync("insert into lanes (project_id, owner_kind, owner_id) values ($1, 'user', $2)", project, user);
    }
}
