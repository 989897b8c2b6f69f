using Memory.Core.Episodic;
using Memory.Testing;
using Npgsql;

namespace Memory.Core.Tests.Episodic;

/// <summary>Where a connection is the service's own, appends are planned once; behind a pooler nothing may count on the connection.</summary>
public sealed class PreparedAppendTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Statements_stay_prepared_on_a_connection_only_where_that_was_asked_for(bool isAskedFor)
    {
        await using CoreRig rig = await StartAsync(isAskedFor);

        await AppendAsync(rig, "ana", "first", "1");
        List<string> afterOne = await PreparedAsync(rig);
        await AppendAsync(rig, "ben", "second", "2");

        Assert.Equal(isAskedFor, afterOne.Count > 0);
        // No text holds what was said or who said it: there are never more.
        Assert.Equal(afterOne, await PreparedAsync(rig));
    }

    [Fact]
    public async Task What_is_prepared_serves_every_append_whatever_it_leaves_out()
    {
        await using CoreRig rig = await StartAsync(isAskedFor: true);

        Appended[] appended =
        [
            await AppendAsync(rig, "ana", "with nothing besides", key: null),
            await AppendAsync(rig, "ana", "with a key", "one"),
            await AppendAsync(rig, "ana", "in a conversation", "two", run: "talk"),
            await AppendAsync(rig, "ana", "in a conversation", "two", run: "talk"),
            await AppendAsync(rig, "ana", "with everything", "three", run: "talk", metadata: """{"mood":"good"}""", name: "Ana"),
            await AppendAsync(rig, "ana", "with nothing again", key: null),
        ];

        Assert.Equal([1, 2, 3, 3, 4, 5], appended.Select(one => one.Turns[0].Seq));
        Assert.Equal(
            ["with nothing besides||", "with a key||", "in a conversation|talk|", "with everything|talk|Ana", "with nothing again||"],
            await rig.Database.ListAsync("select content || '|' || coalesce(run_id, '') || '|' || coalesce(name, '') from episodes order by seq", row => row.GetString(0)));
        await Assert.ThrowsAsync<IdempotencyKeyReusedException>(() => AppendAsync(rig, "ana", "something else", "three"));
    }

    [Fact]
    public async Task After_its_server_was_restarted_they_are_prepared_anew()
    {
        await using CoreRig rig = await StartAsync(isAskedFor: true);
        await AppendAsync(rig, "ana", "before", key: null);

        await rig.Database.ExecuteAsync("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and usename = 'memory_api'");
        await Assert.ThrowsAsync<StorageUnavailableException>(() => AppendAsync(rig, "ana", "lost", key: null));
        Appended after = await AppendAsync(rig, "ana", "after", key: null);

        Assert.Equal(2, after.Turns[0].Seq);
    }

    private static Task<CoreRig> StartAsync(bool isAskedFor) =>
        CoreRig.StartAsync(settings: new Dictionary<string, string?> { ["Memory:Storage:PreparedStatements"] = $"{isAskedFor}" });

    // Of whichever connection is free: what was used is lent again first.
    private static async Task<List<string>> PreparedAsync(CoreRig rig)
    {
        await using NpgsqlCommand command = rig.Api<NpgsqlDataSource>().CreateCommand("select statement from pg_prepared_statements order by statement");
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
        List<string> prepared = [];
        while (await reader.ReadAsync())
            prepared.Add(reader.GetString(0));
        return prepared;
    }

    private static Task<Appended> AppendAsync(
        CoreRig rig, string user, string text, string? key, string? run = null, string? metadata = null, string? name = null) =>
        rig.Api<EpisodeLog>().AppendAsync(
            rig.Principal, MemoryScope.Create(userId: user, runId: run), [new NewMessage("user", text, name, Metadata: metadata)],
            IngestionRequest.Plain, IdempotencyKey.Create(key), CancellationToken.None);
}
