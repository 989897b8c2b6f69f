using Memory.Core.Episodic;
using Memory.Core.Ingestion;
using Memory.Core.Lanes;
using Memory.Testing;
using Npgsql;

namespace Memory.Core.Tests.Ingestion;

/// <summary>A batch is applied with everything that belongs to it, or nothing of it is.</summary>
public sealed class AtomicApplyTests : IAsyncLifetime
{
    private CoreRig _rig = null!;

    public async Task InitializeAsync() => _rig = await CoreRig.StartAsync();

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Theory]
    [InlineData("memory_versions", "new.version = 1")]
    [InlineData("journal", "true")]
    [InlineData("events", "new.status = 'SUCCEEDED'")]
    [InlineData("audit", "new.action = 'batch applied'")]
    [InlineData("lanes", "new.applied_seq > 0")]
    public async Task Where_the_database_refuses_one_part_nothing_is_left_of_the_others(string table, string refused)
    {
        await _rig.Api<EpisodeLog>().AppendAsync(
            _rig.Principal, MemoryScope.Create(userId: "alice"), [new NewMessage("user", "I live in Porto. I work as a nurse.")], IngestionRequest.Plain, CancellationToken.None);
        LaneLease lease = (await _rig.Worker<LaneStore>().ClaimAsync(CancellationToken.None))!;
        Batch batch = (await _rig.Worker<BatchReader>().ReadAsync(lease, CancellationToken.None))!;
        string before = await StateAsync();
        await _rig.Database.RefuseAsync(table, refused);

        await Assert.ThrowsAsync<PostgresException>(() => _rig.Worker<IngestionPipeline>().RunAsync(batch, CancellationToken.None));

        Assert.Equal(before, await StateAsync());
        await _rig.Database.RelentAsync();
        await _rig.Worker<IngestionPipeline>().RunAsync(batch, CancellationToken.None);
        Assert.Equal("2 1", await _rig.Database.ScalarAsync<string>(
            "select concat_ws(' ', (select count(*) from memories), (select count(*) from audit where action = 'batch applied'))"));
    }

    private Task<string> StateAsync() => _rig.Database.ScalarAsync<string>(
        """
        select concat_ws(' ',
               (select string_agg(l::text, ' ') from lanes l),
               (select string_agg(concat_ws(' ', status, results, completed_at), ' ') from events),
               (select count(*) from memories),
               (select count(*) from memory_versions),
               (select count(*) from memory_vectors),
               (select count(*) from journal),
               (select count(*) from audit))
        """);
}
