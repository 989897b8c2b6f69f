using Memory.Core.Episodic;
using Memory.Core.Ingestion;
using Memory.Core.Lanes;
using Memory.Core.LongTerm;
using Memory.Testing;
using Memory.Testing.Models;
using Npgsql;

namespace Memory.Core.Tests.Ingestion;

/// <summary>What a model was paid for survives whoever asked.</summary>
public sealed class CheckpointTests : IAsyncLifetime
{
    private readonly FaultyEngine _engine = new FaultyOpenAi();
    private CoreRig Rig => _engine.Rig;

    public async Task InitializeAsync()
    {
        await _engine.InitializeAsync();
        await _engine.SayAsync("alice", "Remember this: FACT color=red.");
        await Rig.DrainAsync();
    }

    public Task DisposeAsync() => _engine.DisposeAsync();

    [Fact]
    public async Task Another_worker_goes_on_from_the_extraction_that_was_paid()
    {
        await _engine.SayAsync("alice", "Remember this: FACT color=blue.");
        await FailToReconcileAsync();
        int before = _engine.Models.Calls.Count;

        await using EngineHost another = await AnotherAsync();
        Assert.Equal(1, await another.DrainAsync());

        Assert.DoesNotContain(_engine.Models.Calls.Skip(before), call => call.Schema == "remember_facts");
        Assert.Equal(["User's color is blue"], await ContentsAsync());
    }

    [Fact]
    public async Task Another_worker_carries_out_the_very_plan_that_was_paid()
    {
        await _engine.SayAsync("alice", "Remember this: FACT size=big. FACT color=blue.");
        await DieWithAPlanAsync();
        string planned = await Rig.Database.ScalarAsync<string>(
            "select jsonb_path_query_first(convert_from(payload, 'utf8')::jsonb, '$.Plan.Operations[*] ? (@.\"$type\" == \"ADD\").Id.Value') #>> '{}' from plans");
        int before = _engine.Models.Calls.Count;

        await using EngineHost another = await AnotherAsync();
        Assert.Equal(1, await another.DrainAsync());

        Assert.DoesNotContain(_engine.Models.Calls.Skip(before), call => call.Schema is not null);
        Assert.Contains(await _engine.MemoriesAsync("alice"), memory => memory.Id.ToString() == planned && memory.Content == "User's size is big");
        Assert.Contains("User's color is blue", await ContentsAsync());
    }

    [Fact]
    public async Task A_write_that_came_between_is_planned_against_without_paying_the_extraction_again()
    {
        await _engine.SayAsync("alice", "Remember this: FACT color=blue.");
        await DieWithAPlanAsync();
        MemoryRecord red = Assert.Single(await _engine.MemoriesAsync("alice"));
        await Rig.Api<DirectWriter>().UpdateAsync(Rig.Principal, red.Id, new MemoryChange("User's color is green", At: red.UpdatedAt), null, CancellationToken.None);
        int before = _engine.Models.Calls.Count;

        Assert.Equal(1, await Rig.DrainAsync());

        Assert.Equal(["change_memory"], _engine.Models.Calls.Skip(before).Select(call => call.Schema).OfType<string>());
        Assert.Equal(["User's color is blue"], await ContentsAsync());
        Assert.Equal(3, (await _engine.MemoriesAsync("alice"))[0].Version);
    }

    [Fact]
    public async Task A_plan_about_a_memory_that_was_changed_meanwhile_is_discarded()
    {
        MemoryRecord red = Assert.Single(await _engine.MemoriesAsync("alice"));

        await Assert.ThrowsAsync<LeaseLostException>(() => ApplyWhileAsync("FACT color=blue.", () => Rig.Api<DirectWriter>().UpdateAsync(
            Rig.Principal, red.Id, new MemoryChange("User's color is green"), null, CancellationToken.None)));

        Assert.Equal(["User's color is green"], await ContentsAsync());
    }

    [Fact]
    public async Task A_plan_to_add_what_was_added_meanwhile_is_discarded()
    {
        await Assert.ThrowsAsync<LeaseLostException>(() => ApplyWhileAsync("FACT size=big. FACT color=blue.", () => WriteAsync("User's size is big")));

        Assert.Equal(["User's color is red", "User's size is big"], (await ContentsAsync()).Order());
    }

    [Fact]
    public async Task A_plan_stands_when_something_else_was_written_meanwhile()
    {
        await ApplyWhileAsync("FACT color=blue.", () => WriteAsync("User likes chess"));

        Assert.Equal(["User likes chess", "User's color is blue"], (await ContentsAsync()).Order());
    }

    [Fact]
    public async Task Another_model_is_asked_itself()
    {
        await _engine.SayAsync("alice", "Remember this: FACT color=blue.");
        await FailToReconcileAsync();
        int before = _engine.Models.Calls.Count;

        await using EngineHost another = await _engine.AnotherAsync(
            Rig.Database.Worker, new Dictionary<string, string?> { ["Memory:Models:Extract:Model"] = "some-other-model" });
        await another.DrainAsync();

        Assert.Contains(_engine.Models.Calls.Skip(before), call => call.Schema == "remember_facts" && call.Model == "some-other-model");
    }

    [Fact]
    public async Task What_another_version_kept_and_this_one_cannot_read_is_asked_for_anew()
    {
        await _engine.SayAsync("alice", "Remember this: FACT color=blue.");
        await FailToReconcileAsync();
        await Rig.Database.ExecuteAsync("update plans set payload = 'not JSON'");

        Assert.Equal(1, await Rig.DrainAsync());

        Assert.Equal(["User's color is blue"], await ContentsAsync());
    }

    [Fact]
    public async Task A_database_that_takes_no_answer_is_not_asked_again_at_once_and_uses_up_no_attempt()
    {
        await _engine.SayAsync("alice", "Remember this: FACT color=blue.");
        // No space left.
        await Rig.Database.RefuseAsync("plans", code: "53100");

        await Rig.Worker<LaneRunner>().RunAsync((await Rig.Worker<LaneStore>().ClaimAsync(CancellationToken.None))!, CancellationToken.None);

        Assert.Null(await Rig.Worker<LaneStore>().ClaimAsync(CancellationToken.None));
        Assert.Equal("0 1", await Rig.Database.ScalarAsync<string>("select concat_ws(' ', attempts, pending) from lanes"));
        Assert.Equal("PENDING 0", await Rig.Database.ScalarAsync<string>("select concat_ws(' ', status, attempts) from events order by first_seq desc limit 1"));
    }

    [Fact]
    public async Task Messages_that_came_later_wait_for_the_next_batch()
    {
        await _engine.SayAsync("alice", "Remember this: FACT color=blue.");
        await FailToReconcileAsync();
        await _engine.SayAsync("alice", "Remember this: FACT size=big.");

        Assert.Equal(2, await Rig.DrainAsync());

        Assert.Equal("1-1 2-2 3-3", await Rig.Database.ScalarAsync<string>(
            "select string_agg(concat(detail ->> 'first', '-', detail ->> 'last'), ' ' order by at) from audit where action = 'batch applied'"));
    }

    [Fact]
    public async Task Nothing_of_an_applied_batch_is_kept()
    {
        await _engine.SayAsync("alice", "Remember this: FACT color=blue.");
        await FailToReconcileAsync();
        Assert.Equal(1L, await Rig.Database.ScalarAsync<long>("select count(*) from plans"));

        await Rig.DrainAsync();

        Assert.Equal(0L, await Rig.Database.ScalarAsync<long>("select count(*) from plans"));
    }

    [Fact]
    public async Task Whoever_lost_the_lane_keeps_no_answer_in_its_name()
    {
        await _engine.SayAsync("alice", "Remember this: FACT color=blue.");
        LaneLease stale = (await Rig.Worker<LaneStore>().ClaimAsync(CancellationToken.None))!;
        await Rig.Database.ExecuteAsync("update lanes set epoch = epoch + 1");

        await Assert.ThrowsAsync<LeaseLostException>(() => Rig.ApplyAsync(stale));

        Assert.Equal(0L, await Rig.Database.ScalarAsync<long>("select count(*) from plans"));
    }

    [Fact]
    public async Task What_a_crash_leaves_unsaid_was_said_of_the_costs()
    {
        Appended said = await _engine.SayAsync("alice", "Remember this: FACT color=blue.");
        LaneLease lease = (await Rig.Worker<LaneStore>().ClaimAsync(CancellationToken.None))!;
        _engine.Models.Script = call => call.Schema == "change_memory" ? new ModelReply.Hang() : OracleModel.Answer(call);
        using var death = new CancellationTokenSource();
        Task dying = Rig.Worker<IngestionPipeline>().RunAsync((await Rig.Worker<BatchReader>().ReadAsync(lease, CancellationToken.None))!, death.Token);

        await Rig.Database.UntilAsync("select exists (select from plans)");

        Assert.Equal(1, (await _engine.EventAsync(said)).Usage.ByRole["extract"].Calls);
        await death.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => dying);
    }

    private Task WriteAsync(string text) => Rig.Api<DirectWriter>().AddAsync(
        Rig.Principal, MemoryScope.Create(userId: "alice"), [new NewMessage("user", text)], IngestionRequest.Plain, CancellationToken.None);

    // Something is written while the model thinks about what it was shown before.
    private async Task ApplyWhileAsync(string said, Func<Task> writeAsync)
    {
        var asked = new TaskCompletionSource();
        var gate = new TaskCompletionSource();
        _engine.Models.Script = call =>
        {
            if (call.Schema != "change_memory")
                return OracleModel.Answer(call);
            asked.TrySetResult();
            return new ModelReply.Gated(gate.Task.WaitAsync, OracleModel.Answer(call));
        };
        await _engine.SayAsync("alice", $"Remember this: {said}");
        Task<int> applying = Rig.ApplyAsync((await Rig.Worker<LaneStore>().ClaimAsync(CancellationToken.None))!);
        await asked.Task;
        await writeAsync();
        gate.SetResult();
        await applying;
    }

    private async Task FailToReconcileAsync()
    {
        _engine.Models.Script = ModelFaults.Named("500").At(FaultPlaces.Reconciliation);
        Assert.NotNull(await Rig.AttemptAsync());
        _engine.Models.Script = OracleModel.Answer;
    }

    // Somebody has the memories: the worker reads them and gets as far as its plan, and dies while it waits to write.
    private async Task DieWithAPlanAsync()
    {
        LaneLease lease = (await Rig.Worker<LaneStore>().ClaimAsync(CancellationToken.None))!;
        Batch batch = (await Rig.Worker<BatchReader>().ReadAsync(lease, CancellationToken.None))!;
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(Rig.Database.Owner);
        await using (NpgsqlConnection somebody = await source.OpenConnectionAsync())
        await using (NpgsqlTransaction transaction = await somebody.BeginTransactionAsync())
        {
            await using NpgsqlCommand hold = new("lock table memories in share mode", somebody, transaction);
            await hold.ExecuteNonQueryAsync();
            using var death = new CancellationTokenSource();
            Task dying = Rig.Worker<IngestionPipeline>().RunAsync(batch, death.Token);
            await Rig.Database.UntilAsync("""select exists (select from plans where convert_from(payload, 'utf8') like '%"Plan":{%')""");
            await death.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => dying);
        }

        await Rig.Database.ExecuteAsync("update lanes set lease_until = null, ready_at = now()");
    }

    private async Task<EngineHost> AnotherAsync() => await _engine.AnotherAsync(Rig.Database.Worker, new Dictionary<string, string?>());

    private async Task<IReadOnlyList<string>> ContentsAsync() => [.. (await _engine.MemoriesAsync("alice")).Select(memory => memory.Content)];
}
