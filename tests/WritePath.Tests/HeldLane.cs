using Memory.Testing;
using Npgsql;

namespace WritePath.Tests;

/// <summary>A lane's row that somebody has locked: whoever writes for its owner waits.</summary>
internal sealed class HeldLane : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;

    private HeldLane(NpgsqlConnection connection) => _connection = connection;

    public static async Task<HeldLane> HoldAsync(TestDatabase database, string user)
    {
        var connection = new NpgsqlConnection(database.Owner);
        await connection.OpenAsync();
        await using var begin = new NpgsqlCommand("begin", connection);
        await begin.ExecuteNonQueryAsync();
        await using var take = new NpgsqlCommand("select 1 from lanes where owner_kind = 'user' and owner_id = $1 for update", connection) { Parameters = { new() { Value = user } } };
        await take.ExecuteNonQueryAsync();
        return new HeldLane(connection);
    }

    // It was never to change anything: the end of its connection rolls it back.
    public async ValueTask DisposeAsync() => await _connection.DisposeAsync();
}
