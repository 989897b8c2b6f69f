using Memory.Core.Episodic;
using Memory.Core.History;
using Memory.Core.Ingestion;
using Memory.Core.Lanes;
using Memory.Core.LongTerm;
using Memory.Testing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace Memory.Core.Tests.Ingestion;

public sealed class IngestionPipelineTests : IAsyncLifetime
{
    private static readonly MemoryScope s_alice = MemoryScope.Create(userId: "alice", runId: "c1");
    private CoreRig _rig = null!;

    public async Task InitializeAsync() => _rig = await CoreRig.StartAsync();

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    public async Task What_a_person_says_of_themselves_becomes_memories()
    {
        await SayAsync("Hi, my name is Ana. I live in Porto and I work as a nurse.");

        await _rig.DrainAsync();

        Assert.Equal(["User lives in Porto", "User works as a nurse", "User's name is Ana"], await ContentsAsync());
    }

    [Theory]
    [InlineData("Do you know a good restaurant in Porto?")]
    [InlineData("If I lived in Porto, I would swim every day.")]
    [InlineData("Thanks, that sounds good!")]
    [InlineData("Good morning")]
    public async Task What_is_asked_imagined_or_merely_chatted_leaves_nothing(string text)
    {
        await SayAsync(text);

        Assert.Equal(1, await _rig.DrainAsync());
        Assert.Empty(await ContentsAsync());
    }

    [Fact]
    public async Task Said_twice_is_remembered_once()
    {
        await SayAsync("I live in Porto.");
        await _rig.DrainAsync();
        await SayAsync("I live in Porto!", "i LIVE in Porto");

        await _rig.DrainAsync();

        Assert.Equal(["User lives in Porto"], await ContentsAsync());
    }

    [Fact]
    public async Task Newer_word_supersedes_and_the_older_stays_readable()
    {
        await SayAsync("I live in Porto.");
        await _rig.DrainAsync();
        await SayAsync("I moved to Lisbon last month.");
        await _rig.DrainAsync();

        MemoryRecord memory = Assert.Single(await MemoriesAsync());
        List<MemoryVersion> versions = await _rig.Api<VersionLog>().ReadAsync(Lane, memory.Id, CancellationToken.None);

        string moved = $"User moved to Lisbon in {DateTimeOffset.UtcNow.AddMonths(-1):yyyy-MM}";
        Assert.Equal(moved, memory.Content);
        Assert.Equal(["User lives in Porto", moved], versions.Select(version => version.Content));
        Assert.NotNull(versions[0].KnownTo);
        Assert.NotNull(versions[0].ValidTo);
        Assert.Null(versions[1].KnownTo);
        Assert.Equal([1L], versions[0].SourceSeqs);
        Assert.Equal([2L], versions[1].SourceSeqs);
    }

    [Fact]
    public async Task One_batch_and_many_leave_the_same_memories()
    {
        string[] said = ["I live in Porto.", "I work as a nurse.", "I moved to Lisbon last month.", "I work as a nurse.", "My favourite colour is green."];
        await SayAsync(said);
        await _rig.DrainAsync();
        IReadOnlyList<string> atOnce = await ContentsAsync();

        await using CoreRig other = await CoreRig.StartAsync();
        foreach (string text in said)
        {
            await other.Api<EpisodeLog>().AppendAsync(other.Principal, s_alice, [new NewMessage("user", text)], IngestionRequest.Plain, CancellationToken.None);
            await other.DrainAsync();
        }

        Assert.Equal(atOnce, await ContentsAsync(other));
    }

    [Fact]
    public async Task Its_event_tells_what_became_of_a_message()
    {
        Appended appended = await SayAsync("I live in Porto.");

        await _rig.DrainAsync();

        IngestionEvent done = await _rig.Api<IngestionEventLog>().GetAsync(_rig.Principal, appended.Event, CancellationToken.None);
        Assert.Equal(EventStatus.Succeeded, done.Status);
        Assert.Equal(("ADD", "User lives in Porto"), (done.Results[0].Operation, done.Results[0].Content));
        Assert.NotNull(done.CompletedAt);
    }

    [Fact]
    public async Task Every_operation_is_audited_without_what_was_said()
    {
        await SayAsync("I live in Porto.");
        await _rig.DrainAsync();

        Assert.Equal(1L, await _rig.Database.ScalarAsync<long>("select count(*) from audit where action = 'memory ADD' and actor = 'worker'"));
        Assert.Equal(0L, await _rig.Database.ScalarAsync<long>("select count(*) from audit where audit::text ilike '%porto%'"));
    }

    [Fact]
    public async Task People_and_places_are_tied_to_their_memories()
    {
        await SayAsync("My sister is called Marta. I live in Porto.");
        await _rig.DrainAsync();

        Assert.Equal("Marta,Porto", await _rig.Database.ScalarAsync<string>("select string_agg(name, ',' order by name) from entities"));
        Assert.Equal("lives_in,sister", await _rig.Database.ScalarAsync<string>("select string_agg(predicate, ',' order by predicate) from relations where known_to is null"));
    }

    [Fact]
    public async Task What_the_assistant_said_is_not_taken_for_the_persons_word()
    {
        await _rig.Api<EpisodeLog>().AppendAsync(
            _rig.Principal, s_alice, [new NewMessage("assistant", "I live in the cloud and my name is Bot.")], IngestionRequest.Plain, CancellationToken.None);

        await _rig.DrainAsync();

        Assert.Empty(await ContentsAsync());
    }

    [Theory]
    [InlineData(1023, 0.03f)]
    [InlineData(1024, float.NaN)]
    [InlineData(1024, 0f)]
    [InlineData(1024, float.PositiveInfinity)]
    public async Task A_vector_that_would_poison_a_search_never_reaches_the_database(int length, float value)
    {
        await using CoreRig rig = await CoreRig.StartAsync(configure: services =>
            services.AddSingleton<IEmbeddingGenerator<string, Embedding<float>>>(new ConstantEmbeddings(length, value)));
        await rig.Api<EpisodeLog>().AppendAsync(rig.Principal, s_alice, [new NewMessage("user", "I live in Porto.")], IngestionRequest.Plain, CancellationToken.None);
        LaneLease lease = (await rig.Worker<LaneStore>().ClaimAsync(CancellationToken.None))!;

        await Assert.ThrowsAsync<VectorSpaceException>(() => rig.ApplyAsync(lease));

        Assert.Equal(0L, await rig.Database.ScalarAsync<long>("select count(*) from memory_vectors"));
        Assert.Equal(1L, await rig.Database.ScalarAsync<long>("select pending from lanes"));
    }

    [Fact]
    public async Task A_failed_batch_waits_and_says_why_and_is_done_later()
    {
        Appended appended = await SayAsync("I live in Porto.");
        LaneLease lease = (await _rig.Worker<LaneStore>().ClaimAsync(CancellationToken.None))!;
        Batch batch = (await _rig.Worker<BatchReader>().ReadAsync(lease, CancellationToken.None))!;
        await _rig.Worker<Setbacks>().AfterAsync(batch, new TimeoutException("secret words"), CancellationToken.None);

        IngestionEvent waiting = await _rig.Api<IngestionEventLog>().GetAsync(_rig.Principal, appended.Event, CancellationToken.None);
        await _rig.Database.ExecuteAsync("update lanes set ready_at = now()");
        await _rig.DrainAsync();

        Assert.Equal(EventStatus.Pending, waiting.Status);
        Assert.DoesNotContain("secret", waiting.Error);
        Assert.Equal(["User lives in Porto"], await ContentsAsync());
    }

    private Lane Lane => new(_rig.Principal.Project, s_alice.Owner);

    private Task<Appended> SayAsync(params string[] texts) => _rig.Api<EpisodeLog>().AppendAsync(
        _rig.Principal, s_alice, [.. texts.Select(text => new NewMessage("user", text))], IngestionRequest.Plain, CancellationToken.None);

    private async Task<IReadOnlyList<MemoryRecord>> MemoriesAsync(CoreRig? rig = null) =>
        (await (rig ?? _rig).Api<MemoryStore>().ListAsync((rig ?? _rig).Principal, MemoryScope.Create(userId: "alice"), null, 1, 100, CancellationToken.None)).Records;

    private async Task<IReadOnlyList<string>> ContentsAsync(CoreRig? rig = null) =>
        [.. (await MemoriesAsync(rig)).Select(memory => memory.Content).Order(StringComparer.Ordinal)];

    private sealed class ConstantEmbeddings(int length, float value) : IEmbeddingGenerator<string, Embedding<float>>
    {
        public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
            IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
        {
            var vector = new float[length];
            Array.Fill(vector, value);
            return Task.FromResult(new GeneratedEmbeddings<Embedding<float>>(values.Select(_ => new Embedding<float>(vector))));
        }

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }
}
