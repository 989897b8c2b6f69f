using Memory.Core.Episodic;
using Memory.Testing;
using Npgsql;

namespace Memory.Core.Tests.Episodic;

public sealed class EventFeedTests : IAsyncLifetime
{
    // Only so that a failing test fails instead of hanging.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private static readonly MemoryScope s_alice = MemoryScope.Create(userId: "alice");

    private CoreRig _rig = null!;

    private EventFeed Feed => _rig.Api<EventFeed>();

    public async Task InitializeAsync() => _rig = await CoreRig.StartAsync();

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    public async Task What_an_older_transaction_commits_later_is_not_skipped()
    {
        EventId slow = await AppendAsync("slow");
        EventCursor start = await Feed.NowAsync(_rig.Principal, CancellationToken.None);
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(_rig.Database.Owner);
        await using NpgsqlConnection connection = await source.OpenConnectionAsync();
        await using NpgsqlTransaction open = await connection.BeginTransactionAsync();
        await using var change = new NpgsqlCommand("update events set status = 'RUNNING', changed = pg_current_xact_id() where id = $1", connection);
        change.Parameters.Add(new NpgsqlParameter { Value = slow.Value });
        await change.ExecuteNonQueryAsync();
        EventId quick = await AppendAsync("quick", user: "alice", agent: "coach");

        List<EventChange> early = await ReadAsync(start);
        await open.CommitAsync();
        List<EventChange> late = await ReadAsync(start, 2);

        Assert.Empty(early);
        Assert.Equal([(slow, "RUNNING"), (quick, "PENDING")], late.Select(each => (each.Event.Id, each.Event.Status)));
    }

    [Fact]
    public async Task Each_change_is_read_once_and_in_order_also_in_small_steps()
    {
        EventCursor cursor = await Feed.NowAsync(_rig.Principal, CancellationToken.None);
        EventId[] said = [await AppendAsync("one"), await AppendAsync("two"), await AppendAsync("three")];

        List<EventChange> pending = await ReadAsync(cursor, 3);
        await _rig.DrainAsync();
        List<EventChange> done = await ReadAsync(pending[^1].Cursor, 3);

        Assert.Equal(said, pending.Select(change => change.Event.Id));
        Assert.All(pending, change => Assert.Equal(EventStatus.Pending, change.Event.Status));
        Assert.Equal(said.ToHashSet(), done.Select(change => change.Event.Id).ToHashSet());
        Assert.All(done, change => Assert.Equal(EventStatus.Succeeded, change.Event.Status));
        foreach (int place in new[] { 0, 1, 2 })
            Assert.Equal(done.Skip(place + 1).Select(change => change.Event.Id), (await ReadAsync(done[place].Cursor)).Select(change => change.Event.Id));
    }

    [Fact]
    public async Task What_was_there_before_is_not_read_though_an_older_transaction_is_still_open()
    {
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(_rig.Database.Owner);
        await using NpgsqlConnection connection = await source.OpenConnectionAsync();
        await using NpgsqlTransaction open = await connection.BeginTransactionAsync();
        await using var number = new NpgsqlCommand("select pg_current_xact_id()::text", connection);
        await number.ExecuteScalarAsync();
        await AppendAsync("before");

        EventCursor start = await Feed.NowAsync(_rig.Principal, CancellationToken.None);
        EventId after = await AppendAsync("after");
        await open.CommitAsync();

        Assert.Equal([after], (await ReadAsync(start, 1)).Select(change => change.Event.Id));
    }

    [Fact]
    public async Task A_narrower_scope_reads_only_its_own()
    {
        EventCursor start = await Feed.NowAsync(_rig.Principal, CancellationToken.None);
        await AppendAsync("to the cook", agent: "cook");
        EventId coached = await AppendAsync("to the coach", agent: "coach");
        await AppendAsync("another's", user: "bob", agent: "coach");

        MemoryScope scope = MemoryScope.Create(userId: "alice", agentId: "coach");
        List<EventChange> read = await ReadAsync(start, 1, scope);

        Assert.Equal([coached], read.Select(change => change.Event.Id));
    }

    [Fact]
    public async Task A_place_in_another_database_is_refused()
    {
        var ahead = new EventCursor(ulong.MaxValue / 2, Guid.Empty);

        await Assert.ThrowsAsync<InvalidInputException>(() => Feed.AfterAsync(_rig.Principal, ahead, CancellationToken.None));
    }

    [Theory]
    [InlineData("")]
    [InlineData("12")]
    [InlineData("12-")]
    [InlineData("-00000000000000000000000000000000")]
    [InlineData("-1-00000000000000000000000000000000")]
    [InlineData("12-00000000000000000000000000000000-1")]
    [InlineData("99999999999999999999999-00000000000000000000000000000000")]
    public void What_is_no_place_is_none(string text) => Assert.Null(EventCursor.Parse(text));

    [Fact]
    public void A_place_is_read_back_as_it_was_written()
    {
        var cursor = new EventCursor(ulong.MaxValue, Guid.NewGuid());

        Assert.Equal(cursor, EventCursor.Parse(cursor.ToString()));
    }

    private async Task<EventId> AppendAsync(string text, string user = "alice", string? agent = null) =>
        (await _rig.Api<EpisodeLog>().AppendAsync(
            _rig.Principal, MemoryScope.Create(userId: user, agentId: agent), [new NewMessage("user", text)], IngestionRequest.Plain, CancellationToken.None)).Event;

    /// <summary>Looks once, or until so many are there: other tests' transactions on the same server hold them back.</summary>
    private async Task<List<EventChange>> ReadAsync(EventCursor cursor, int hoped = 0, MemoryScope? scope = null)
    {
        using var patience = new CancellationTokenSource(s_patience);
        while (true)
        {
            List<EventChange> changes = await Feed.ChangesAsync(_rig.Principal, scope ?? s_alice, cursor, patience.Token);
            if (changes.Count >= hoped)
                return changes;
            await Task.Delay(20, patience.Token);
        }
    }
}
