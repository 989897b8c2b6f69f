using Memory.Core.Lanes;
using Memory.Core.Storage;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace Memory.Core.LongTerm;

/// <summary>
/// Makes every stored vector anew with the configured model, owner by owner, with the worker's rights. From the first moment
/// nobody writes vectors of the old model any more; where it breaks off, the next run goes on.
/// </summary>
public sealed class Reembedding(
    MemoryDb db, VectorSpace space, IEmbeddingGenerator<string, Embedding<float>> embeddings, ILogger<Reembedding> logger)
{
    private const int BatchSize = 64;

    private const string AllLanes = "select project_id, owner_kind, owner_id from lanes order by 1, 2, 3";

    private const string Switch = """
        update collections
           set model = $2, dimensions = $3, reembedding = true
         where project_id = $1 and (model <> $2 or dimensions <> $3)
        """;

    private const string Finish = "update collections set reembedding = false where project_id = $1 and reembedding";

    private const string OldVectors = """
        select o.memory_id, o.version, v.content
          from memory_vectors o
          join memory_versions v
            on v.project_id = o.project_id and v.owner_kind = o.owner_kind and v.owner_id = o.owner_id
           and v.memory_id = o.memory_id and v.version = o.version
         where o.project_id = $1 and o.owner_kind = $2 and o.owner_id = $3
           and (o.model <> $4 or vector_dims(o.embedding) <> $5)
         limit $6
        """;

    private const string Replace = """
        update memory_vectors
           set model = $6, embedding = $7, signs = $8
         where project_id = $1 and owner_kind = $2 and owner_id = $3 and memory_id = $4 and version = $5
        """;

    /// <returns>How many vectors were made.</returns>
    public async Task<long> RunAsync(CancellationToken cancellationToken)
    {
        ProjectId[] projects = [.. (await LanesAsync(cancellationToken)).Select(lane => lane.Project).Distinct()];
        foreach (ProjectId project in projects)
            await db.QueryAsync(project, Sql.Command(Switch, project, space.Model, space.Dimensions), cancellationToken);

        // Listed after the switch, and until no new one appears: whoever wrote first in the meantime did so before it.
        long made = 0;
        HashSet<Lane> done = [];
        while ((await LanesAsync(cancellationToken)).Where(done.Add).ToList() is { Count: > 0 } lanes)
        {
            foreach (Lane lane in lanes)
                made += await RunAsync(lane, cancellationToken);
        }

        foreach (ProjectId project in projects)
            await db.QueryAsync(project, Sql.Command(Finish, project), cancellationToken);
        logger.Reembedded(made, done.Count, space.Model);
        return made;
    }

    private Task<List<Lane>> LanesAsync(CancellationToken cancellationToken) => db.AcrossProjectsAsync(
        new Sql<Lane>(AllLanes, row => new Lane(new ProjectId(row.GetGuid(0)), new Owner(Owner.ParseKind(row.GetString(1)), row.GetString(2)))),
        cancellationToken);

    private async Task<long> RunAsync(Lane lane, CancellationToken cancellationToken)
    {
        long made = 0;
        while (await OldAsync(lane, cancellationToken) is { Count: > 0 } old)
        {
            GeneratedEmbeddings<Embedding<float>> vectors = await embeddings.GenerateAsync(old.Select(one => one.Content), cancellationToken: cancellationToken);
            await ReplaceAsync(lane, old, vectors, cancellationToken);
            made += old.Count;
        }

        return made;
    }

    // Behind the lane's lock: a write that saw the old model still holds it, and its vectors are seen here.
    private Task<List<(Guid Memory, int Version, string Content)>> OldAsync(Lane lane, CancellationToken cancellationToken) =>
        db.TransactionAsync(
            lane.Project,
            async transaction =>
            {
                await transaction.ExecuteAsync([LaneStore.LockFor(lane)], cancellationToken);
                return await transaction.QueryAsync(
                    new Sql<(Guid, int, string)>(OldVectors, row => (row.GetGuid(0), row.GetInt32(1), row.GetString(2)), lane.Keys(space.Model, space.Dimensions, BatchSize)),
                    cancellationToken);
            },
            cancellationToken);

    // Under the lane's lock: whoever planned a write with the old vectors notices, and nobody is between us.
    private Task ReplaceAsync(
        Lane lane, List<(Guid Memory, int Version, string Content)> old, GeneratedEmbeddings<Embedding<float>> vectors, CancellationToken cancellationToken) =>
        db.TransactionAsync(
            lane.Project,
            transaction => transaction.ExecuteAsync(
                [
                    LaneStore.LockFor(lane),
                    .. old.Zip(vectors, (one, vector) =>
                    {
                        space.Check(vector.Vector.Span);
                        return Sql.Command(Replace, lane.Keys(
                            one.Memory, one.Version, space.Model, MemoryStatements.ToHalf(vector.Vector.Span), RotatedSigns.Of(vector.Vector.Span)));
                    }),
                ],
                cancellationToken),
            cancellationToken);
}
