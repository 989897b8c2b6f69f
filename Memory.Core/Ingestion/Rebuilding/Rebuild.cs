using Memory.Core.Lanes;
using Memory.Core.LongTerm;
using Memory.Core.Privacy;
using Memory.Core.Storage;

namespace Memory.Core.Ingestion.Rebuilding;

/// <summary>What a rebuild found.</summary>
/// <param name="Memories">How many there are, closed ones included.</param>
/// <param name="Difference">Lines that begin with <c>-</c> or <c>+</c>; empty: it is the same memory.</param>
/// <param name="NotCarriedOver">Direct writes that found nothing to change any more.</param>
public sealed record RebuildReport(int Memories, IReadOnlyList<string> Difference, int NotCarriedOver, bool Switched);

/// <summary>
/// Makes an owner's memory anew from what was kept: by carrying out once more what was decided, or, after a change of prompt
/// or model, by deciding anew from the episodes. It is made beside the old one, compared, and switched to only where asked.
/// </summary>
public sealed class Rebuild(
    MemoryDb db, Journal journal, BatchReader reader, IngestionPipeline pipeline, Embedder embedder, MemoryWriter writer)
{
    private const int PageSize = 100;

    private const string Exists = "select 1 from lanes where project_id = $1 and owner_kind = $2 and owner_id = $3";

    // Every version is asked for: a memory can be older than what is kept of its changes.
    private const string BeforeJournal = """
        select 1
          from memory_versions v
         where v.project_id = $1 and v.owner_kind = $2 and v.owner_id = $3 and ($4::text is null or v.model = $4)
           and not exists (select from journal j
                            where j.project_id = $1 and j.owner_kind = $2 and j.owner_id = $3
                              and j.event_id = v.event_id and j.memories @> array[v.memory_id])
         limit 1
        """;

    /// <param name="anew">Whether to decide anew with the prompts and models of today; what was written directly is carried out once more after that.</param>
    /// <param name="apply">Whether what was made takes the place of the old memory.</param>
    /// <exception cref="NotFoundException">The owner has no memory here.</exception>
    /// <exception cref="ConflictingWriteException">It is older than the journal, or something was written meanwhile; nothing was switched.</exception>
    public async Task<RebuildReport> RunAsync(Lane lane, bool anew, bool apply, CancellationToken cancellationToken)
    {
        if ((await db.QueryAsync(lane.Project, new Sql<bool>(Exists, _ => true, lane.Keys()), cancellationToken)).Count == 0)
            throw new NotFoundException("Owner");
        // Before anything else is read: what is written after it is found out when it is switched.
        LaneState state = await Shadow.StateOfAsync(db, lane, cancellationToken);
        if ((await db.QueryAsync(lane.Project, new Sql<bool>(BeforeJournal, _ => true, lane.Keys(anew ? Authors.NoModel : null)), cancellationToken)).Count > 0)
            throw new ConflictingWriteException(anew
                ? "Some of this owner's memory was written directly before a journal was kept: decided anew, it would be lost."
                : "Some of this owner's memory was learned before a journal was kept: it can only be decided anew.");
        Shadow shadow = await Shadow.OpenAsync(db, lane, cancellationToken);
        try
        {
            if (anew)
                await DecideAsync(lane, shadow, state.AppliedSeq, cancellationToken);
            int lost = await ReplayAsync(lane, shadow, anew, cancellationToken);
            MemoryImage before = await MemoryImage.ReadAsync(db, lane, cancellationToken);
            MemoryImage after = await MemoryImage.ReadAsync(db, shadow.Lane, cancellationToken);
            // Decided anew it was learned anew: only what it says can be compared.
            IReadOnlyList<string> difference = anew ? (before with { Exact = [] }).DifferenceTo(after with { Exact = [] }) : before.DifferenceTo(after);
            if (apply)
                await shadow.SwitchAsync(state, anew, cancellationToken);
            return new RebuildReport(after.Readable.Count, difference, lost, apply);
        }
        finally
        {
            await shadow.DropAsync();
        }
    }

    /// <summary>Takes away what was begun before a moment and, since the process died, never came to its end.</summary>
    public Task DropAbandonedAsync(DateTimeOffset before, CancellationToken cancellationToken) => Shadow.DropAbandonedAsync(db, before, cancellationToken);

    private async Task DecideAsync(Lane lane, Shadow shadow, long lastSeq, CancellationToken cancellationToken)
    {
        long applied = 0;
        while (applied < lastSeq)
        {
            Batch batch = await reader.AgainAsync(lane, applied, lastSeq, cancellationToken);
            LaneLease lease = await shadow.ExpectAsync(batch.FirstSeq, batch.LastSeq, cancellationToken);
            await pipeline.RunAsync(batch with { Lease = lease }, cancellationToken);
            applied = batch.LastSeq;
        }
    }

    /// <param name="directOnly">Only what was written directly.</param>
    /// <returns>How many operations found nothing to change.</returns>
    private async Task<int> ReplayAsync(Lane lane, Shadow shadow, bool directOnly, CancellationToken cancellationToken)
    {
        var lost = 0;
        var refit = new Refit(lane, shadow.Lane);
        await foreach (JournalEntry[] page in journal.ReadAsync(lane, cancellationToken).Chunk(PageSize))
        {
            JournalEntry[] wanted = [.. page.Where(entry => !directOnly || entry.By.Model == Authors.NoModel)];
            IReadOnlyList<ReadOnlyMemory<float>?> vectors = await embedder.EmbedAsync([.. wanted.Select(entry => entry.Operation)], cancellationToken);
            await db.TransactionAsync(
                lane.Project,
                async transaction =>
                {
                    foreach ((JournalEntry entry, ReadOnlyMemory<float>? vector) in wanted.Zip(vectors))
                    {
                        MemoryOperation? operation = directOnly ? await refit.FitAsync(transaction, entry.Operation, cancellationToken) : entry.Operation;
                        if (operation is null)
                            lost++;
                        else
                            await CarryOutAsync(transaction, shadow.Lane, entry with { Operation = operation }, vector, isNew: directOnly, cancellationToken);
                    }
                },
                cancellationToken);
        }

        return lost;
    }

    // What was decided anew has a journal of its own, and the direct writes belong into it. It was learned now, so that is
    // when they changed it.
    private Task CarryOutAsync(
        MemoryTransaction transaction, Lane lane, JournalEntry entry, ReadOnlyMemory<float>? vector, bool isNew, CancellationToken cancellationToken)
    {
        PlannedWrite[] write = [new PlannedWrite(entry.Operation, entry.Event, vector)];
        return isNew
            ? writer.WriteAsync(transaction, lane, MemoryStore.DefaultCollection, entry.By with { KnownAt = null }, write, cancellationToken)
            : writer.ReplayAsync(transaction, lane, MemoryStore.DefaultCollection, entry.By, write, cancellationToken);
    }
}
