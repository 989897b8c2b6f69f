using Memory.Core.Episodic;
using Memory.Core.Ingestion;
using Memory.Core.Lanes;
using Memory.Core.LongTerm;
using Memory.Core.Storage;
using Memory.Testing;

namespace Memory.Core.Tests.LongTerm;

/// <summary>Plans that a test writes itself, carried out as a worker carries out its own.</summary>
internal sealed class HandWritten(CoreRig rig, string user)
{
    internal Lane Lane { get; } = new(rig.Principal.Project, new Owner(OwnerKind.User, user));

    internal MemoryScope Scope { get; } = MemoryScope.Create(userId: user);

    internal static Fact Fact(string content, DateTimeOffset? at = null, string? attribute = null, params long[] seqs) => new(
        content, MemoryKind.Profile, attribute, Importance: 0.5, Confidence: 0.8, Trusted: true, "user", seqs, at ?? DateTimeOffset.UtcNow.AddMinutes(-1));

    /// <param name="knownAt">Null: now.</param>
    /// <returns>The event they are reported on.</returns>
    internal async Task<EventId> ApplyAsync(DateTimeOffset? knownAt, params MemoryOperation[] plan)
    {
        IReadOnlyList<ReadOnlyMemory<float>?> vectors = await rig.Worker<Embedder>().EmbedAsync(plan, CancellationToken.None);
        var id = new EventId(Guid.CreateVersion7());
        List<PlannedWrite> writes = [.. plan.Zip(vectors, (operation, vector) => new PlannedWrite(operation, id, vector))];
        await rig.Worker<MemoryDb>().TransactionAsync(
            Lane.Project,
            async transaction =>
            {
                await transaction.ExecuteAsync([LaneStore.LockFor(Lane)], CancellationToken.None);
                await rig.Worker<MemoryWriter>().WriteAsync(
                    transaction, Lane, MemoryStore.DefaultCollection, new Authorship(Authors.Worker, "builtin", null) { KnownAt = knownAt }, writes, CancellationToken.None);
                await transaction.ExecuteAsync(
                    [IngestionEventLog.Done(Lane, id, "ADD", IngestionRequest.Plain, [.. writes.Select(write => write.ToResult())], EventUsage.None)], CancellationToken.None);
            },
            CancellationToken.None);
        return id;
    }

    internal Task<EventId> ApplyAsync(params MemoryOperation[] plan) => ApplyAsync(null, plan);

    /// <summary>Adds what is said, at once.</summary>
    internal async Task<MemoryId> AddAsync(Fact fact)
    {
        var id = new MemoryId(Guid.CreateVersion7());
        await ApplyAsync(new MemoryOperation.Add(id, fact, "said"));
        return id;
    }

    /// <summary>Two memories that contradict each other.</summary>
    internal async Task<(MemoryId A, MemoryId B, EventId Event)> ContradictAsync(Fact one, Fact other)
    {
        MemoryId a = await AddAsync(one);
        var b = new MemoryId(Guid.CreateVersion7());
        EventId id = await ApplyAsync(new MemoryOperation.Add(b, other, "said"), new MemoryOperation.Conflict(a, b, other, "neither wins"));
        return (a, b, id);
    }

    internal async Task<MemoryRecord> ReadAsync(MemoryId id) =>
        Assert.Single(await rig.Api<MemoryStore>().EveryAsync(Lane, [id], CancellationToken.None));
}
