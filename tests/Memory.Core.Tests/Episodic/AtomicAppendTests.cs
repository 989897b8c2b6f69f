using Memory.Core.Episodic;
using Memory.Testing;
using Npgsql;

namespace Memory.Core.Tests.Episodic;

/// <summary>An append is there with everything that belongs to it, or nothing of it is.</summary>
public sealed class AtomicAppendTests : IAsyncLifetime
{
    private CoreRig _rig = null!;

    public async Task InitializeAsync() => _rig = await CoreRig.StartAsync();

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Theory]
    [InlineData("episodes")]
    [InlineData("events")]
    [InlineData("audit")]
    [InlineData("idempotency_keys")]
    public async Task Where_the_database_refuses_one_part_nothing_is_left_of_the_others(string table)
    {
        await AppendAsync("alice", "first");
        string before = await StateAsync();
        await _rig.Database.RefuseAsync(table);

        // Of an owner who is known, and of one who would be new.
        await Assert.ThrowsAsync<PostgresException>(() => AppendAsync("alice", "second"));
        await Assert.ThrowsAsync<PostgresException>(() => AppendAsync("bob", "second"));

        Assert.Equal(before, await StateAsync());
        await _rig.Database.RelentAsync();
        Appended again = await AppendAsync("alice", "second");
        Assert.Equal((2L, false), (again.Turns[0].Seq, again.IsRepeated));
    }

    private Task<string> StateAsync() => _rig.Database.ScalarAsync<string>(
        """
        select concat_ws(' ',
               (select string_agg(l::text, ' ' order by l.owner_id) from lanes l),
               (select count(*) from episodes),
               (select count(*) from events),
               (select count(*) from idempotency_keys),
               (select count(*) from audit))
        """);

    private Task<Appended> AppendAsync(string user, string text) => _rig.Api<EpisodeLog>().AppendAsync(
        _rig.Principal, MemoryScope.Create(userId: user), [new NewMessage("user", text)], IngestionRequest.Plain,
        IdempotencyKey.Create($"{user} {text}"), CancellationToken.None);
}
