using Memory.Testing;
using Npgsql;

namespace Memory.Core.Tests.Ingestion;

/// <summary>Whoever audits an action waits, its transaction open, until the test lets it go on.</summary>
internal sealed class HeldAudit : IAsyncDisposable
{
    private readonly TestDatabase _database;
    private readonly NpgsqlConnection _holder;

    private HeldAudit(TestDatabase database, NpgsqlConnection holder) => (_database, _holder) = (database, holder);

    internal static async Task<HeldAudit> HoldAsync(TestDatabase database, string action)
    {
        await database.ExecuteAsync($"""
            create function hold_audit() returns trigger language plpgsql as $$ begin perform pg_advisory_xact_lock_shared(1); return new; end $$;
            create trigger hold_audit before insert on audit for each row when (new.action = '{action}') execute function hold_audit()
            """);
        var holder = new NpgsqlConnection(database.Owner);
        await holder.OpenAsync();
        await using var hold = new NpgsqlCommand("select pg_advisory_lock(1)", holder);
        await hold.ExecuteNonQueryAsync();
        return new HeldAudit(database, holder);
    }

    /// <summary>Somebody has come as far as the action.</summary>
    internal Task UntilReachedAsync() => UntilWaitingAsync(1);

    /// <param name="count">So many wait: at the action, or for whoever is there.</param>
    internal Task UntilWaitingAsync(int count) => _database.UntilAsync(TestDatabase.Waiting(count));

    internal async Task ReleaseAsync()
    {
        await using var release = new NpgsqlCommand("select pg_advisory_unlock_all()", _holder);
        await release.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await ReleaseAsync();
        await _holder.DisposeAsync();
    }
}
