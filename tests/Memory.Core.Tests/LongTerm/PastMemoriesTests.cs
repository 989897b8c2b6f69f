using Memory.Core.Ingestion;
using Memory.Core.LongTerm;
using Memory.Core.Retrieval;
using Memory.Testing;

namespace Memory.Core.Tests.LongTerm;

public sealed class PastMemoriesTests : IAsyncLifetime
{
    private static readonly DateTimeOffset s_start = new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private CoreRig _rig = null!;

    public async Task InitializeAsync() => _rig = await CoreRig.StartAsync();

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Any_history_answers_on_both_clocks_as_its_replay_does(int seed)
    {
        var random = new Random(seed);
        var written = new HandWritten(_rig, $"ana-{seed}");
        var model = new TwoClocks();
        List<MemoryId> ids = [];
        for (var step = 1; step <= 60; step++)
        {
            MemoryOperation operation = await NextAsync(random, written, ids, step);
            DateTimeOffset known = s_start.AddDays(step);
            await written.ApplyAsync(known, operation);
            model.Learn(known, operation);
        }

        for (var asked = 0; asked < 150; asked++)
        {
            var moment = new MomentInTime(
                asked % 3 == 0 ? null : Some(random, -10, 90), asked % 3 == 1 ? null : Some(random, -2, 70));
            Assert.Equal(model.At(moment, DateTimeOffset.UtcNow), await ListAsync(written, moment));
        }
    }

    [Fact]
    public async Task What_was_superseded_is_true_of_the_time_before_and_believed_until_it_was_learned()
    {
        HandWritten written = await MovedAsync("bea");

        Assert.Equal(["User lives in Leeds"], await ListAsync(written, new MomentInTime(s_start.AddDays(5), null)));
        Assert.Equal(["User lives in Porto"], await ListAsync(written, new MomentInTime(s_start.AddDays(15), null)));
        Assert.Equal(["User lives in Leeds"], await ListAsync(written, new MomentInTime(s_start.AddDays(15), s_start.AddDays(15))));
        Assert.Equal(["User lives in Leeds"], await ListAsync(written, new MomentInTime(null, s_start.AddDays(15))));
        Assert.Equal(["User lives in Porto"], await ListAsync(written, new MomentInTime(null, s_start.AddDays(25))));
        Assert.Empty(await ListAsync(written, new MomentInTime(s_start.AddDays(-1), null)));
    }

    [Theory]
    [InlineData("Leeds", "User lives in Leeds", 15)]
    [InlineData("Porto", "User lives in Porto", 25)]
    public async Task What_was_believed_then_is_found_by_its_words_and_by_its_meaning(string asked, string expected, int day)
    {
        HandWritten written = await MovedAsync($"cleo-{day}");

        Recall found = await RecallAsync(written, asked, new MomentInTime(null, s_start.AddDays(day)));

        RecallItem item = Assert.Single(found.Items);
        Assert.Equal(expected, item.Content);
        Assert.Contains(RecallStage.Keyword, item.Stages.Keys);
        Assert.Contains(RecallStage.Semantic, item.Stages.Keys);
    }

    [Fact]
    public async Task What_was_not_yet_known_is_not_found()
    {
        HandWritten written = await MovedAsync("dan");

        Assert.Empty((await RecallAsync(written, "Porto", new MomentInTime(null, s_start.AddDays(-1)))).Items);
        Assert.DoesNotContain((await RecallAsync(written, "Porto", new MomentInTime(null, s_start.AddDays(15)))).Items, item => item.Content.Contains("Porto", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_closed_memory_takes_part_in_the_time_before()
    {
        var written = new HandWritten(_rig, "eva");
        var id = new MemoryId(Guid.CreateVersion7());
        await written.ApplyAsync(s_start.AddDays(1), new MemoryOperation.Add(id, HandWritten.Fact("User has a dog named Rex", s_start.AddDays(1)), "said"));
        await written.ApplyAsync(s_start.AddDays(9), new MemoryOperation.Delete(await written.ReadAsync(id), HandWritten.Fact("Rex is gone", s_start.AddDays(9)), "said"));

        Assert.Equal(["User has a dog named Rex"], await ListAsync(written, new MomentInTime(s_start.AddDays(5), null)));
        Assert.Single((await RecallAsync(written, "dog Rex", new MomentInTime(s_start.AddDays(5), null))).Items);
        Assert.Empty(await ListAsync(written, new MomentInTime(s_start.AddDays(10), null)));
    }

    [Fact]
    public async Task How_sure_a_memory_was_then_is_answered_not_how_sure_it_is()
    {
        var written = new HandWritten(_rig, "finn");
        var id = new MemoryId(Guid.CreateVersion7());
        Fact fact = HandWritten.Fact("User plays the cello", s_start);
        await written.ApplyAsync(s_start, new MemoryOperation.Add(id, fact, "said"));
        await written.ApplyAsync(s_start.AddDays(9), new MemoryOperation.None(id, fact, "said again") { IsRestated = true });

        Assert.Equal(0.8, Assert.Single(await RecordsAsync(written, new MomentInTime(null, s_start.AddDays(5)))).Confidence, 0.001);
        Assert.Equal(0.88, Assert.Single(await RecordsAsync(written, new MomentInTime(null, s_start.AddDays(10)))).Confidence, 0.001);
    }

    [Fact]
    public async Task Nobody_elses_past_is_seen()
    {
        await MovedAsync("gil");

        Assert.Empty(await ListAsync(new HandWritten(_rig, "hal"), new MomentInTime(s_start.AddDays(5), null)));
        Assert.Empty((await RecallAsync(new HandWritten(_rig, "hal"), "Leeds", new MomentInTime(s_start.AddDays(5), null))).Items);
    }

    private async Task<HandWritten> MovedAsync(string user)
    {
        var written = new HandWritten(_rig, user);
        var id = new MemoryId(Guid.CreateVersion7());
        await written.ApplyAsync(s_start, new MemoryOperation.Add(id, HandWritten.Fact("User lives in Leeds", s_start), "said"));
        // Moved on the 10th, told on the 20th.
        Fact moved = HandWritten.Fact("User lives in Porto", s_start.AddDays(20)) with { ValidFrom = s_start.AddDays(10) };
        await written.ApplyAsync(s_start.AddDays(20), new MemoryOperation.Update(await written.ReadAsync(id), moved, "said"));
        return written;
    }

    private static async Task<MemoryOperation> NextAsync(Random random, HandWritten written, List<MemoryId> ids, int step)
    {
        DateTimeOffset at = s_start.AddDays(step).AddHours(-random.Next(0, 72));
        Fact fact = HandWritten.Fact($"Note {step}", at) with
        {
            ValidFrom = random.Next(3) == 0 ? at.AddDays(random.Next(-20, 20)) : null,
            IsCorrection = random.Next(4) == 0,
            ExpiresOn = random.Next(4) == 0 ? DateOnly.FromDateTime(at.UtcDateTime).AddDays(random.Next(0, 30)) : null,
        };
        if (ids.Count == 0 || random.Next(3) == 0)
        {
            ids.Add(new MemoryId(Guid.CreateVersion7()));
            return new MemoryOperation.Add(ids[^1], fact, "said");
        }

        MemoryRecord target = await written.ReadAsync(ids[random.Next(ids.Count)]);
        return target.IsActive && random.Next(4) == 0 ? new MemoryOperation.Delete(target, fact, "said") : new MemoryOperation.Update(target, fact, "said");
    }

    private static DateTimeOffset Some(Random random, int from, int to) => s_start.AddHours(random.Next(from * 24, to * 24));

    private async Task<SortedSet<string>> ListAsync(HandWritten written, MomentInTime moment) =>
        [.. (await RecordsAsync(written, moment)).Select(record => record.Content)];

    private async Task<IReadOnlyList<MemoryRecord>> RecordsAsync(HandWritten written, MomentInTime moment)
    {
        (IReadOnlyList<MemoryRecord> records, long total) = await _rig.Api<PastMemories>().ListAsync(
            _rig.Principal, written.Scope, moment, 1, 200, CancellationToken.None);
        Assert.Equal(total, records.Count);
        return records;
    }

    private Task<Recall> RecallAsync(HandWritten written, string query, MomentInTime moment) => _rig.Api<RecallPipeline>().RecallAsync(
        _rig.Principal, new RecallRequest(written.Scope, query, 10) { Moment = moment }, CancellationToken.None);
}
