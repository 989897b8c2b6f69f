using System.Diagnostics.Metrics;
using Memory.Core.Ingestion.Forgetting;
using Memory.Core.LongTerm;
using Memory.Core.Retrieval;
using Memory.Core.Retrieval.Hot;
using Memory.Core.Retrieval.Use;
using Memory.Core.Tests.LongTerm;
using Memory.Testing;

namespace Memory.Core.Tests.Retrieval.Use;

public sealed class RecallUseTests : IAsyncLifetime
{
    private CoreRig _rig = null!;
    private HandWritten _written = null!;

    private RecallUse Use => _rig.Api<RecallUse>();

    public async Task InitializeAsync()
    {
        _rig = await CoreRig.StartAsync();
        _written = new HandWritten(_rig, "alice");
    }

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    public async Task What_is_recalled_twice_before_it_is_written_counts_twice()
    {
        MemoryId id = await _written.AddAsync(HandWritten.Fact("User lives in Leeds"));
        await RecallAsync("Where do I live, in Leeds?");
        await RecallAsync("Where do I live, in Leeds?");

        await Use.FlushAsync(CancellationToken.None);
        await Use.FlushAsync(CancellationToken.None);

        Assert.Equal(2, await RecallsAsync(id));
    }

    [Fact]
    public async Task Of_a_context_what_it_contains_counts_once_and_what_found_no_room_not_at_all()
    {
        MemoryId shown = await _written.AddAsync(HandWritten.Fact("User lives in Leeds") with { Kind = MemoryKind.Event });
        MemoryId trimmed = await _written.AddAsync(HandWritten.Fact($"User lives in Leeds since{string.Concat(Enumerable.Repeat(" and before", 60))}") with { Kind = MemoryKind.Event });

        Context context = await _rig.Api<ContextAssembler>().AssembleAsync(
            _rig.Principal, new RecallRequest(_written.Scope, "User lives in Leeds", 10), 120, CancellationToken.None);
        await Use.FlushAsync(CancellationToken.None);

        Assert.Equal(shown.Value, Assert.Single(context.Items).Id);
        Assert.Equal(1, await RecallsAsync(shown));
        Assert.Equal(0, await RecallsAsync(trimmed));
    }

    [Fact]
    public async Task Use_written_by_two_adds_up_and_the_last_time_stays_the_last()
    {
        MemoryId id = await _written.AddAsync(HandWritten.Fact("User lives in Leeds"));
        await _rig.Database.ExecuteAsync(
            "insert into memory_use (project_id, owner_kind, owner_id, memory_id, recalls, last_at) select project_id, owner_kind, owner_id, id, 5, '2100-01-01' from memories where id = $1", id.Value);

        await RecallAsync("Where do I live, in Leeds?");
        await Use.FlushAsync(CancellationToken.None);

        Assert.Equal(6, await RecallsAsync(id));
        Assert.True(await _rig.Database.ScalarAsync<bool>("select last_at = '2100-01-01' and noted_at <= clock_timestamp() from memory_use"));
    }

    [Fact]
    public async Task However_often_it_is_recalled_it_never_outranks_what_answers_clearly_better()
    {
        DateTimeOffset long_ago = DateTimeOffset.UtcNow.AddYears(-3);
        MemoryId better = await _written.AddAsync(HandWritten.Fact("User's spare key is under the blue flowerpot", long_ago));
        MemoryId worse = await _written.AddAsync(HandWritten.Fact("User has a key of the office", long_ago));
        Recall before = await RecallAsync("Where is the spare key, under the flowerpot?");
        for (var i = 0; i < 1_000; i++)
            Use.Note(_written.Lane, [new RecallItem(await Once(worse), null, 1, new Dictionary<string, double>())]);

        await Use.FlushAsync(CancellationToken.None);
        Recall after = await RecallAsync("Where is the spare key, under the flowerpot?");

        Assert.InRange(await RecallsAsync(worse), 1_000, 1_001);
        Assert.Equal(better, after.Items[0].Record!.Id);
        double lifted = Score(after, worse) / Score(before, worse);
        Assert.InRange(lifted, 1.001, 1 / (1 - new RankingOptions().Recency) + 0.01);
    }

    [Fact]
    public async Task What_is_forgotten_takes_its_use_along_and_is_counted_no_more()
    {
        MemoryId id = await _written.AddAsync(HandWritten.Fact("User lives in Leeds"));
        await RecallAsync("Leeds");
        await Use.FlushAsync(CancellationToken.None);
        await RecallAsync("Leeds");

        await _rig.Api<Forgetter>().ForgetAsync(_rig.Principal, _written.Scope, new ForgetRequest("Leeds", IsEntity: true), null, CancellationToken.None);
        Assert.Equal(0, await RecallsAsync(id));
        await Use.FlushAsync(CancellationToken.None);

        Assert.Equal(0, await RecallsAsync(id));
    }

    [Fact]
    public async Task Memories_at_hand_know_what_was_recalled_since_they_were_read()
    {
        MemoryId id = await _written.AddAsync(HandWritten.Fact("User lives in Leeds", DateTimeOffset.UtcNow.AddYears(-1)));
        await _rig.Api<HotOwners>().LoadAsync(_written.Lane, CancellationToken.None);

        await RecallAsync("Leeds");
        await Use.FlushAsync(CancellationToken.None);
        IOwnerMemories hot = (await _rig.Api<HotOwners>().FindAsync(_written.Lane, CancellationToken.None))!;

        var question = new MemoryQuestion(_written.Lane, _written.Scope, null, null, [], null, "", "", 5);
        DateTimeOffset? last = Assert.Single((await hot.ReadAsync(question, [id], CancellationToken.None)).Memories).LastRecalled;
        Assert.NotNull(last);
        Assert.Equal(Assert.Single((await _rig.Api<StoredMemories>().ReadAsync(question, [id], CancellationToken.None)).Memories).LastRecalled, last);
    }

    [Fact]
    public async Task Where_too_much_waits_the_oldest_is_not_counted_and_that_is_measured()
    {
        await using CoreRig rig = await CoreRig.StartAsync(settings: new Dictionary<string, string?> { ["Memory:RecallUse:MostWaiting"] = "2" });
        var written = new HandWritten(rig, "alice");
        MemoryRecord[] memories = [await ReadAsync("User likes tea"), await ReadAsync("User likes jazz"), await ReadAsync("User likes rain")];
        using var dropped = new Dropped();

        foreach (MemoryRecord memory in memories)
            rig.Api<RecallUse>().Note(written.Lane, [new RecallItem(memory, null, 1, new Dictionary<string, double>())]);
        await rig.Api<RecallUse>().FlushAsync(CancellationToken.None);

        Assert.Equal(1, dropped.Memories);
        Assert.Equal(
            memories.Skip(1).Select(memory => memory.Id.Value).Order(), (await rig.Database.ListAsync("select memory_id from memory_use", row => row.GetGuid(0))).Order());

        async Task<MemoryRecord> ReadAsync(string text) => await written.ReadAsync(await written.AddAsync(HandWritten.Fact(text)));
    }

    [Fact]
    public async Task What_cannot_be_written_is_tried_again_and_then_given_up_without_a_word_to_those_who_ask()
    {
        MemoryId id = await _written.AddAsync(HandWritten.Fact("User lives in Leeds"));
        await _rig.Database.ExecuteAsync("alter table memory_use rename to hidden");
        using var dropped = new Dropped();
        Use.Note(_written.Lane, [new RecallItem(await _written.ReadAsync(id), null, 1, new Dictionary<string, double>())]);
        await Use.FlushAsync(CancellationToken.None);
        await Use.FlushAsync(CancellationToken.None);
        await _rig.Database.ExecuteAsync("alter table hidden rename to memory_use");
        await Use.FlushAsync(CancellationToken.None);
        Assert.Equal((1L, 0), (await RecallsAsync(id), dropped.Memories));

        await _rig.Database.ExecuteAsync("alter table memory_use rename to hidden");
        Use.Note(_written.Lane, [new RecallItem(await _written.ReadAsync(id), null, 1, new Dictionary<string, double>())]);
        for (var i = 0; i < 3; i++)
            await Use.FlushAsync(CancellationToken.None);
        await _rig.Database.ExecuteAsync("alter table hidden rename to memory_use");
        await Use.FlushAsync(CancellationToken.None);

        Assert.Equal((1L, 1), (await RecallsAsync(id), dropped.Memories));
    }

    [Fact]
    public async Task While_writes_fail_no_more_is_kept_than_may_wait_and_what_is_kept_is_counted_later()
    {
        await using CoreRig rig = await CoreRig.StartAsync(settings: new Dictionary<string, string?> { ["Memory:RecallUse:MostWaiting"] = "2" });
        var written = new HandWritten(rig, "alice");
        MemoryRecord memory = await written.ReadAsync(await written.AddAsync(HandWritten.Fact("User likes tea")));
        RecallUse use = rig.Api<RecallUse>();
        await rig.Database.ExecuteAsync("alter table memory_use rename to hidden");
        using var dropped = new Dropped();

        for (var round = 0; round < 2; round++)
        {
            for (var i = 0; i < 5; i++)
                use.Note(written.Lane, [new RecallItem(memory, null, 1, new Dictionary<string, double>())]);
            await use.FlushAsync(CancellationToken.None);
        }

        await rig.Database.ExecuteAsync("alter table hidden rename to memory_use");
        await use.FlushAsync(CancellationToken.None);

        Assert.Equal(4L, await rig.Database.ScalarAsync<long>("select recalls from memory_use"));
        Assert.Equal(6, dropped.Memories);
    }

    private MemoryRecord? _once;

    private async Task<MemoryRecord> Once(MemoryId id) => _once ??= await _written.ReadAsync(id);

    private static double Score(Recall recall, MemoryId id) => recall.Items.Single(item => item.Record!.Id == id).Score;

    private Task<long> RecallsAsync(MemoryId id) =>
        _rig.Database.ScalarAsync<long>("select coalesce((select recalls from memory_use where memory_id = $1), 0)", id.Value);

    private Task<Recall> RecallAsync(string query) => _rig.Api<RecallPipeline>().RecallAsync(
        _rig.Principal, new RecallRequest(_written.Scope, query, 10, Threshold: 0), CancellationToken.None);

    /// <summary>Memories that were not counted, by the meter, on this test's own path of execution.</summary>
    private sealed class Dropped : IDisposable
    {
        private static readonly AsyncLocal<Dropped?> s_here = new();
        private readonly MeterListener _listener = new();
        private long _memories;

        internal Dropped()
        {
            s_here.Value = this;
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "memory.use.dropped")
                    listener.EnableMeasurementEvents(instrument);
            };
            _listener.SetMeasurementEventCallback<long>((_, value, _, _) => _memories += s_here.Value == this ? value : 0);
            _listener.Start();
        }

        internal int Memories => (int)_memories;

        public void Dispose() => _listener.Dispose();
    }
}
