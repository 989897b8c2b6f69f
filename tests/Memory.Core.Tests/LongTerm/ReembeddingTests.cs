using Memory.Core.Episodic;
using Memory.Core.Lanes;
using Memory.Core.LongTerm;
using Memory.Core.Storage;
using Memory.Models;
using Memory.Models.Builtin;
using Memory.Testing;
using Memory.Testing.Models;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Memory.Core.Tests.LongTerm;

/// <summary>Vectors of two models are never mixed: another model is refused until every vector is made anew by it.</summary>
public sealed class ReembeddingTests : IAsyncLifetime
{
    private static readonly EmbeddingModel s_other = new("folded", 256);
    private static readonly VectorSpace s_otherSpace = new(s_other.Id, s_other.Dimensions);
    private CoreRig _rig = null!;
    private EngineHost _next = null!;

    public async Task InitializeAsync()
    {
        _rig = await CoreRig.StartAsync();
        _next = new EngineHost(_rig.Database.Worker, (await TestServers.SharedAsync()).Redis, services =>
        {
            services.AddSingleton(s_other);
            services.AddSingleton<IEmbeddingGenerator<string, Embedding<float>>>(new Folded());
        });
    }

    public async Task DisposeAsync()
    {
        await _next.DisposeAsync();
        await _rig.DisposeAsync();
    }

    [Fact]
    public async Task Another_model_is_refused_and_told_what_to_do()
    {
        await RememberAsync("alice", "I live in Porto.");

        var refused = await Assert.ThrowsAsync<VectorSpaceException>(() => s_otherSpace.RequireAsync(_next.Get<MemoryDb>(), CancellationToken.None));

        Assert.Contains("builtin-hash-1 (1024 dimensions)", refused.Message, StringComparison.Ordinal);
        Assert.Contains("folded (256 dimensions)", refused.Message, StringComparison.Ordinal);
        Assert.Contains("migrate reembed", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_model_with_another_length_is_another_model()
    {
        await RememberAsync("alice", "I live in Porto.");

        await Assert.ThrowsAsync<VectorSpaceException>(() =>
            new VectorSpace("builtin-hash-1", 512).RequireAsync(_next.Get<MemoryDb>(), CancellationToken.None));
    }

    [Fact]
    public async Task Reembedded_memories_are_found_by_the_new_model_with_their_history()
    {
        await RememberAsync("alice", "I live in Porto.");
        await RememberAsync("alice", "I live in Braga.");
        await RememberAsync("bob", "I live in Faro.");

        long made = await ReembedAsync();

        Assert.Equal(3, made);
        await s_otherSpace.RequireAsync(_next.Get<MemoryDb>(), CancellationToken.None);
        List<Neighbour> found = await _next.Get<PgVectorIndex>().SearchAsync(
            Lane("alice"), Folded.Fold("User lives in Braga"), null, 5, CancellationToken.None);
        Assert.Equal("User lives in Braga", Assert.Single(found).Record.Content);
        Assert.InRange(found[0].Similarity, 0.99, 1.01);
        Assert.Equal(0, await _rig.Database.ScalarAsync<long>("select count(*) from memory_vectors where model <> 'folded' or vector_dims(embedding) <> 256"));
        Assert.Equal(3, await _rig.Database.ScalarAsync<long>("select count(*) from memory_vectors where length(signs) = 256"));
    }

    [Fact]
    public async Task From_its_first_moment_nobody_writes_vectors_of_the_old_model()
    {
        await RememberAsync("alice", "I live in Porto.");
        await ReembedAsync();

        await SayAsync("alice", "I work as a nurse.");

        await Assert.ThrowsAsync<VectorSpaceException>(() => _rig.DrainAsync());
    }

    [Fact]
    public async Task A_write_that_began_before_it_is_waited_for_and_taken_along()
    {
        await RememberAsync("alice", "I live in Porto.");
        await SayAsync("bob", "I work as a nurse.");
        LaneLease lease = (await _rig.Worker<LaneStore>().ClaimAsync(CancellationToken.None))!;
        var written = new TaskCompletionSource();
        var mayCommit = new TaskCompletionSource();
        // As a batch does it: the fence, the collection's space, the vector; then it takes its time to commit.
        Task writing = _rig.Worker<MemoryDb>().TransactionAsync(
            lease.Lane.Project,
            async transaction =>
            {
                await LaneFence.HoldAsync(transaction, lease, CancellationToken.None);
                await _rig.Worker<MemoryWriter>().WriteAsync(
                    transaction, lease.Lane, MemoryStore.DefaultCollection, new Authorship("worker", "builtin", null), [OldWrite()], CancellationToken.None);
                written.SetResult();
                await mayCommit.Task;
            },
            CancellationToken.None);
        await written.Task;

        Task<long> reembedding = ReembedAsync();
        await _rig.Database.UntilAsync("select exists (select from pg_locks where not granted)");
        mayCommit.SetResult();
        await writing;
        await reembedding;

        Assert.Equal(0, await _rig.Database.ScalarAsync<long>("select count(*) from memory_vectors where model <> 'folded'"));
        Assert.Equal(2, await _rig.Database.ScalarAsync<long>("select count(*) from memory_vectors where model = 'folded'"));
    }

    [Fact]
    public async Task Where_it_broke_off_a_start_is_refused_and_the_next_run_goes_on()
    {
        await RememberAsync("alice", "I live in Porto.");
        await RememberAsync("bob", "I live in Faro.");
        await Assert.ThrowsAsync<ModelException.Deferrable>(() => ReembedAsync(failsAt: 2));

        var refused = await Assert.ThrowsAsync<VectorSpaceException>(() => s_otherSpace.RequireAsync(_next.Get<MemoryDb>(), CancellationToken.None));
        long made = await ReembedAsync();

        Assert.Contains("migrate reembed", refused.Message, StringComparison.Ordinal);
        Assert.Equal(1, made);
        await s_otherSpace.RequireAsync(_next.Get<MemoryDb>(), CancellationToken.None);
    }

    [Fact]
    public async Task A_batch_that_was_planned_with_old_vectors_notices()
    {
        await SayAsync("alice", "I live in Porto.");
        LaneLease lease = (await _rig.Worker<LaneStore>().ClaimAsync(CancellationToken.None))!;
        await _rig.Database.ExecuteAsync(
            "insert into collections (project_id, name, model, dimensions) select project_id, 'memories', 'builtin-hash-1', 1024 from lanes");
        await ReembedAsync();

        Exception cause = await Assert.ThrowsAnyAsync<MemoryException>(() => _rig.ApplyAsync(lease));

        Assert.True(cause is VectorSpaceException or LeaseLostException, cause.GetType().Name);
    }

    private static PlannedWrite OldWrite()
    {
        const string content = "User works as a nurse";
        var fact = new Fact(content, MemoryKind.Profile, null, 0.5, 0.9, true, "user", [], DateTimeOffset.UnixEpoch);
        return new PlannedWrite(
            new MemoryOperation.Add(new MemoryId(Guid.CreateVersion7()), fact, "new"), new EventId(Guid.CreateVersion7()),
            HashedEmbeddings.Embed(content));
    }

    private Task<long> ReembedAsync(int? failsAt = null) => new Reembedding(
        _next.Get<MemoryDb>(), s_otherSpace, new Folded { FailsAt = failsAt }, NullLogger<Reembedding>.Instance).RunAsync(CancellationToken.None);

    private async Task RememberAsync(string user, string text)
    {
        await SayAsync(user, text);
        await _rig.DrainAsync();
    }

    private Task SayAsync(string user, string text) => _rig.Api<EpisodeLog>().AppendAsync(
        _rig.Principal, MemoryScope.Create(userId: user), [new NewMessage("user", text)], IngestionRequest.Plain, CancellationToken.None);

    private Lane Lane(string user) => new(_rig.Principal.Project, new Owner(OwnerKind.User, user));

    /// <summary>The builtin embeddings at a quarter of their length.</summary>
    private sealed class Folded : IEmbeddingGenerator<string, Embedding<float>>
    {
        private int _calls;

        /// <summary>The call that finds its model away.</summary>
        internal int? FailsAt { get; init; }

        internal static float[] Fold(string text) => [.. OracleModel.Vector(text, s_other.Dimensions)];

        public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
            IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default) =>
            ++_calls == FailsAt
                ? throw new ModelException.Deferrable("away")
                : Task.FromResult(new GeneratedEmbeddings<Embedding<float>>(values.Select(text => new Embedding<float>(Fold(text)))));

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }
}
