using System.Text.Json;
using Memory.Core.Episodic;
using Memory.Core.Ingestion.Forgetting;
using Memory.Core.Lanes;
using Memory.Core.LongTerm;
using Memory.Core.Privacy;
using Memory.Core.ShortTerm;
using Memory.Core.Storage;
using Memory.Models.Metering;

namespace Memory.Core.Ingestion;

/// <summary>
/// What a caller asks for word by word is done once: embedded first, then under the owner's lane, through the same writer as a
/// batch, with one event. Every kind of direct write comes through here.
/// </summary>
public sealed class LaneWrites(
    MemoryDb db, MemoryWriter writer, IngestionEventLog events, Embedder embedder, ShortTermBuffer buffer)
{
    private const string CountActive = """
        select count(*)
          from memories
         where project_id = $1 and owner_kind = $2 and owner_id = $3 and id = any ($4) and status = 'active'
        """;

    private static readonly Sql<DateTimeOffset> s_now = new("select clock_timestamp()", row => row.GetFieldValue<DateTimeOffset>(0));

    /// <param name="planAsync">What is to be done, at a time by the database's clock, as messages are dated; asked only where it was not done before.</param>
    /// <exception cref="ConflictingWriteException">What the plan changes has changed meanwhile, or an equal memory exists.</exception>
    internal async Task<Written> WriteAsync(Wanted wanted, Func<DateTimeOffset, Task<DirectPlan>> planAsync, CancellationToken cancellationToken)
    {
        // Asked before anything is read or paid for, and once more by the transaction that writes.
        if (await DoneBeforeAsync(wanted, cancellationToken) is { } done)
            return done;
        try
        {
            return await WriteNowAsync(wanted, planAsync, cancellationToken);
        }
        catch (MemoryException cause) when (wanted.Key is not null && cause is NotFoundException or ConflictingWriteException)
        {
            // The first request may have ended in between: what it deleted is found no more, what it settled is settled.
            if (await DoneBeforeAsync(wanted, cancellationToken) is { } meanwhile)
                return meanwhile;
            throw;
        }
    }

    /// <summary>What an earlier request with the same key has done; null: there was none, or there is no key.</summary>
    internal async Task<Written?> DoneBeforeAsync(Wanted wanted, CancellationToken cancellationToken) =>
        wanted.Key is not null
        && await db.TransactionAsync(wanted.Principal.Project, transaction => ClaimAsync(transaction, wanted, cancellationToken), cancellationToken) is { } before
            ? await ReadAsync(wanted, before, cancellationToken)
            : null;

    /// <summary>For <see cref="DirectPlan.StillFitsAsync"/>, of memories that a plan names and leaves as they are: they are there still.</summary>
    /// <exception cref="ConflictingWriteException">One was closed or forgotten meanwhile.</exception>
    internal static async Task RequireActiveAsync(MemoryTransaction transaction, Lane lane, IEnumerable<MemoryId> ids, CancellationToken cancellationToken)
    {
        Guid[] named = [.. ids.Select(id => id.Value).Distinct()];
        long active = named.Length == 0 ? 0
            : (await transaction.QueryAsync(new Sql<long>(CountActive, row => row.GetInt64(0), lane.Keys(named)), cancellationToken))[0];
        if (active < named.Length)
            throw new ConflictingWriteException("A memory that this is about was deleted at the same time: read it again.");
    }

    private async Task<Written> WriteNowAsync(
        Wanted wanted, Func<DateTimeOffset, Task<DirectPlan>> planAsync, CancellationToken cancellationToken)
    {
        EventId? before = null;
        DateTimeOffset now = (await db.QueryAsync(wanted.Principal.Project, s_now, cancellationToken))[0];
        DirectPlan plan = await planAsync(now);
        using ModelUsage spent = ModelUsage.Begin();
        var eventId = new EventId(Guid.CreateVersion7(now));
        List<PlannedWrite> writes = await embedder.PrepareAsync(plan.Operations, _ => eventId, cancellationToken);
        try
        {
            Written? written = await db.TransactionAsync(
                wanted.Principal.Project,
                async transaction =>
                {
                    before = await ClaimAsync(transaction, wanted, cancellationToken);
                    return before is null
                        ? await StoreAsync(transaction, wanted, plan, writes, EventUsage.None.Plus(spent.ByRole, share: 1), cancellationToken)
                        : null;
                },
                cancellationToken);
            if (written is not null)
                await buffer.DropAsync(plan.Lane, written.Forgotten, CancellationToken.None);
            return written ?? await ReadAsync(wanted, before!.Value, cancellationToken);
        }
        catch (Npgsql.PostgresException raced) when (raced.SqlState == Npgsql.PostgresErrorCodes.UniqueViolation)
        {
            throw new ConflictingWriteException("An equal memory, or a newer version of this one, was written at the same time: read it again.");
        }
        catch (Npgsql.PostgresException raced) when (raced.SqlState == Npgsql.PostgresErrorCodes.ForeignKeyViolation)
        {
            throw new ConflictingWriteException("The memory was forgotten at the same time.");
        }
    }

    private async Task<Written> StoreAsync(
        MemoryTransaction transaction, Wanted wanted, DirectPlan plan, List<PlannedWrite> writes, EventUsage usage, CancellationToken cancellationToken)
    {
        EventId id = writes[0].Event;
        Lane lane = plan.Lane;
        await transaction.ExecuteAsync([LaneStore.LockFor(lane)], cancellationToken);
        if (plan.StillFitsAsync is { } stillFitsAsync)
            await stillFitsAsync(transaction);
        await writer.WriteAsync(transaction, lane, MemoryStore.DefaultCollection, new Authorship(wanted.Principal.Actor, Authors.NoModel, null), writes, cancellationToken);
        IReadOnlyList<string> conversations = await Eraser.EraseAsync(transaction, lane, wanted.Principal.Actor, writes, cancellationToken);
        List<OperationResult> results = [.. writes.Select(write => write.ToResult())];
        List<OperationResult> answer = [.. results];
        if (writes[0].Operation is MemoryOperation.Update update && wanted.Kind == "UPDATE")
        {
            // As it stands under the lane's lock: later changes are not this one's answer.
            List<MemoryRecord> after = await transaction.QueryAsync(MemoryStore.One(lane, update.Target.Id), cancellationToken);
            answer[0] = results[0] with { After = JsonSerializer.SerializeToElement(after[0]) };
        }

        await transaction.ExecuteAsync(
            [
                // Nobody asks again without a key: a copy of the memory would lie there for nothing.
                IngestionEventLog.Done(lane, id, wanted.Kind, wanted.Request, wanted.Key is null ? results : answer, usage),
                .. wanted.Key is null ? [] : (Sql<bool>[])[IdempotencyLog.Done(wanted.Principal, wanted.Key, wanted.Hash, id)],
            ],
            cancellationToken);
        return new Written(id, lane.Owner, answer) { Forgotten = conversations };
    }

    private static async Task<EventId?> ClaimAsync(MemoryTransaction transaction, Wanted wanted, CancellationToken cancellationToken) =>
        wanted.Key is null ? null : await IdempotencyLog.ClaimAsync(transaction, wanted.Principal, wanted.Key, wanted.Hash, cancellationToken);

    private async Task<Written> ReadAsync(Wanted wanted, EventId id, CancellationToken cancellationToken)
    {
        IngestionEvent done = await events.GetAsync(wanted.Principal, id, cancellationToken);
        return new Written(id, done.Owner, done.Results);
    }
}

/// <summary>Who asks for what.</summary>
/// <param name="Kind">Of the event: ADD, UPDATE, DELETE, UNDO or RESOLVE.</param>
/// <param name="Key">With the same one it is done once; null: none.</param>
/// <param name="Hash">Of all that is asked for.</param>
internal sealed record Wanted(Principal Principal, string Kind, IngestionRequest Request, IdempotencyKey? Key, byte[] Hash);

/// <param name="Operations">At least one.</param>
internal sealed record DirectPlan(Lane Lane, IReadOnlyList<MemoryOperation> Operations)
{
    /// <summary>Under the lane's lock: throws where what was planned on is no longer so. The versions of memories need no asking.</summary>
    internal Func<MemoryTransaction, Task>? StillFitsAsync { get; init; }
}

/// <param name="Results">Of an UPDATE, the first with the memory as it left it.</param>
internal sealed record Written(EventId Event, Owner Owner, IReadOnlyList<OperationResult> Results)
{
    /// <summary>Conversations that lost words.</summary>
    internal IReadOnlyList<string> Forgotten { get; init; } = [];

    /// <exception cref="AnswerForgottenException">It was done before, and what it left was forgotten since.</exception>
    internal MemoryRecord After => Results[0].After?.Deserialize<MemoryRecord>() ?? throw new AnswerForgottenException();
}
