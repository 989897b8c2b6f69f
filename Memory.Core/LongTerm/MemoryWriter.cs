using Memory.Core.History;
using Memory.Core.Lanes;
using Memory.Core.Privacy;
using Memory.Core.Storage;
using Memory.Core.Webhooks;

namespace Memory.Core.LongTerm;

/// <summary>
/// Carries out planned operations inside a transaction that holds the lane. The only way a memory is ever written: batches,
/// direct writes, tending and rebuilding all come through here. Only forgetting takes away, and that is <c>Eraser</c>'s.
/// </summary>
public sealed class MemoryWriter(VectorSpace space)
{
    /// <param name="writes">In order; each is audited, NONE included, and journaled where it changes anything.</param>
    /// <exception cref="VectorSpaceException">A vector does not fit the collection's space.</exception>
    public async Task WriteAsync(
        MemoryTransaction transaction, Lane lane, string collection, Authorship authorship, IReadOnlyList<PlannedWrite> writes,
        CancellationToken cancellationToken)
    {
        await ReplayAsync(transaction, lane, collection, authorship, writes, cancellationToken);
        List<Sql<bool>> kept = [];
        foreach (PlannedWrite write in writes)
        {
            Episodic.OperationResult result = write.ToResult();
            kept.Add(new AuditEntry(
                lane, authorship.Actor, $"memory {result.Operation}", result.Memory, write.Event, new { Reason = write.Operation.OwnReason }).ToStatement());
            if (Journal.IsKept(write.Operation))
                kept.Add(Journal.Entry(lane, authorship, write));
        }

        kept.AddRange(Outbox.Of(lane, [.. writes.SelectMany(NewsOf)]));
        await transaction.ExecuteAsync(kept, cancellationToken);
    }

    /// <summary>The same without audit and journal: what is carried out has been before.</summary>
    internal async Task ReplayAsync(
        MemoryTransaction transaction, Lane lane, string collection, Authorship authorship, IReadOnlyList<PlannedWrite> writes,
        CancellationToken cancellationToken)
    {
        if (writes.Any(write => write.Vector is not null))
            await space.EnsureAsync(transaction, lane.Project, collection, cancellationToken);
        var statements = new MemoryStatements(lane, collection, authorship, space);
        await transaction.ExecuteAsync([.. writes.SelectMany(statements.For)], cancellationToken);
    }

    // What is forgotten Eraser tells, which finds more of it than was planned.
    private static IEnumerable<MemoryNews> NewsOf(PlannedWrite write) => write.Operation switch
    {
        MemoryOperation.Add add =>
        [
            new MemoryNews(MemoryNewsKind.Added, add.Id, 1, write.Event),
            .. add.Fact.Categories.Count == 0 ? [] : (MemoryNews[])[new MemoryNews(MemoryNewsKind.Categorized, add.Id, 1, write.Event)],
        ],
        MemoryOperation.Update { Target: var target } update =>
        [
            new MemoryNews(MemoryNewsKind.Changed, target.Id, target.Version + 1, write.Event),
            .. update.Fact.Categories.Count == 0 || update.Fact.Categories.SequenceEqual(target.Categories)
                ? []
                : (MemoryNews[])[new MemoryNews(MemoryNewsKind.Categorized, target.Id, target.Version + 1, write.Event)],
        ],
        MemoryOperation.Delete { Target: var target } => [new MemoryNews(MemoryNewsKind.Closed, target.Id, target.Version + 1, write.Event)],
        _ => [],
    };
}
