using System.Text.Json;
using Memory.Core.Episodic;
using Memory.Core.Ingestion.Reconciliation;
using Memory.Core.Lanes;
using Memory.Core.LongTerm;
using Memory.Core.Privacy;
using Memory.Core.Storage;
using Memory.Models.Metering;

namespace Memory.Core.Ingestion;

/// <summary>
/// Writes that a caller asks for word by word. They embed first, then take the owner's lane and come through the same
/// writer as a batch does.
/// </summary>
public sealed class DirectWriter(MemoryDb db, MemoryStore store, MemoryWriter writer, IngestionEventLog events, Embedder embedder, TimeProvider time)
{
    /// <summary>Longest text of a memory, in UTF-16 units.</summary>
    public const int MaxContentLength = 8 * 1024;

    public Task<(EventId Event, IReadOnlyList<OperationResult> Results)> AddAsync(
        Principal principal, MemoryScope scope, IReadOnlyList<NewMessage> messages, IngestionRequest request,
        CancellationToken cancellationToken) =>
        AddAsync(principal, scope, messages, request, key: null, cancellationToken);

    /// <summary>Keeps each message as it stands, without extraction; what is known word for word is not kept twice.</summary>
    /// <param name="key">With the same one the same messages are kept once, however often they are sent; null: none.</param>
    public async Task<(EventId Event, IReadOnlyList<OperationResult> Results)> AddAsync(
        Principal principal, MemoryScope scope, IReadOnlyList<NewMessage> messages, IngestionRequest request, IdempotencyKey? key,
        CancellationToken cancellationToken)
    {
        AccessPolicy.RequireOwner(principal, scope.Owner);
        List<NewMessage> accepted = EpisodeLog.Accept(messages);
        request = request.Checked();
        var wanted = new Wanted(principal, "ADD", request, key, IdempotencyKey.HashOf(new { Write = "add", scope, accepted, request }));
        Written written = await WriteAsync(
            wanted,
            async () =>
            {
                var lane = new Lane(principal.Project, scope.Owner);
                List<Fact> facts = [.. accepted.Select(message => AsFact(message, scope, request.ExpiresOn)).DistinctBy(fact => ContentHash.Normalize(fact.Content))];
                List<MemoryRecord> known = await store.MatchingAsync(
                    lane, MemoryStore.DefaultCollection, [], [.. facts.Select(fact => fact.Content)], cancellationToken);
                return (lane, [.. facts.Select(fact => Decide(fact, known))]);
            },
            cancellationToken);
        return (written.Event, written.Results);
    }

    /// <summary>Gives a memory a new text, metadata, or both, as a new version.</summary>
    /// <param name="key">With the same one the same change is made once, and answered with what it left; null: none.</param>
    /// <exception cref="NotFoundException">No such memory in the principal's reach.</exception>
    public async Task<MemoryRecord> UpdateAsync(
        Principal principal, MemoryId id, MemoryChange change, IdempotencyKey? key, CancellationToken cancellationToken)
    {
        var wanted = new Wanted(principal, "UPDATE", IngestionRequest.Plain, key, IdempotencyKey.HashOf(new { Write = "update", id, change }));
        Written written = await WriteAsync(
            wanted,
            async () =>
            {
                MemoryRecord target = await store.GetAsync(principal, id, cancellationToken);
                Fact fact = AsFact(target, change) with { ExpiresOn = change.ClearExpiry ? null : change.ExpiresOn ?? target.ExpiresOn };
                return (new Lane(principal.Project, target.Owner), [new MemoryOperation.Update(target, fact, "asked for")]);
            },
            cancellationToken);
        return written.Results[0].After!.Value.Deserialize<MemoryRecord>()!;
    }

    /// <summary>Closes a memory; its history stays.</summary>
    /// <param name="key">With the same one the memory is closed once, and that is no error the next time; null: none.</param>
    /// <exception cref="NotFoundException">No such memory in the principal's reach.</exception>
    public Task DeleteAsync(Principal principal, MemoryId id, IdempotencyKey? key, CancellationToken cancellationToken)
    {
        var wanted = new Wanted(principal, "DELETE", IngestionRequest.Plain, key, IdempotencyKey.HashOf(new { Write = "delete", id }));
        return WriteAsync(
            wanted,
            async () =>
            {
                MemoryRecord target = await store.GetAsync(principal, id, cancellationToken);
                return (new Lane(principal.Project, target.Owner), [new MemoryOperation.Delete(target, AsFact(target, new MemoryChange()), "asked for")]);
            },
            cancellationToken);
    }

    private MemoryOperation Decide(Fact fact, List<MemoryRecord> known)
    {
        DateTimeOffset now = time.GetUtcNow();
        return Repetition.Of(fact, known, now) ?? new MemoryOperation.Add(new MemoryId(Guid.CreateVersion7(now)), fact, "asked for");
    }

    private async Task<Written> WriteAsync(
        Wanted wanted, Func<Task<(Lane Lane, IReadOnlyList<MemoryOperation> Plan)>> planAsync, CancellationToken cancellationToken)
    {
        // Asked before anything is read or paid for, and once more by the transaction that writes.
        if (await DoneBeforeAsync(wanted, cancellationToken) is { } done)
            return done;
        try
        {
            return await WriteNowAsync(wanted, planAsync, cancellationToken);
        }
        catch (NotFoundException) when (wanted.Key is not null)
        {
            // The first request may have ended in between, and what it deleted is found no more.
            if (await DoneBeforeAsync(wanted, cancellationToken) is { } meanwhile)
                return meanwhile;
            throw;
        }
    }

    private async Task<Written?> DoneBeforeAsync(Wanted wanted, CancellationToken cancellationToken) =>
        wanted.Key is not null
        && await db.TransactionAsync(wanted.Principal.Project, transaction => ClaimAsync(transaction, wanted, cancellationToken), cancellationToken) is { } before
            ? await ReadAsync(wanted, before, cancellationToken)
            : null;

    private async Task<Written> WriteNowAsync(
        Wanted wanted, Func<Task<(Lane Lane, IReadOnlyList<MemoryOperation> Plan)>> planAsync, CancellationToken cancellationToken)
    {
        EventId? before = null;
        (Lane lane, IReadOnlyList<MemoryOperation> plan) = await planAsync();
        using ModelUsage spent = ModelUsage.Begin();
        IReadOnlyList<ReadOnlyMemory<float>?> vectors = await embedder.EmbedAsync(plan, cancellationToken);
        var eventId = new EventId(Guid.CreateVersion7(time.GetUtcNow()));
        List<PlannedWrite> writes = [.. plan.Zip(vectors, (operation, vector) => new PlannedWrite(operation, eventId, vector))];
        try
        {
            Written? written = await db.TransactionAsync(
                wanted.Principal.Project,
                async transaction =>
                {
                    before = await ClaimAsync(transaction, wanted, cancellationToken);
                    return before is null
                        ? await StoreAsync(transaction, wanted, lane, writes, EventUsage.None.Plus(spent.ByRole, share: 1), cancellationToken)
                        : null;
                },
                cancellationToken);
            return written ?? await ReadAsync(wanted, before!.Value, cancellationToken);
        }
        catch (Npgsql.PostgresException raced) when (raced.SqlState == Npgsql.PostgresErrorCodes.UniqueViolation)
        {
            throw new ConflictingWriteException("An equal memory, or a newer version of this one, was written at the same time: read it again.");
        }
    }

    private async Task<Written> StoreAsync(
        MemoryTransaction transaction, Wanted wanted, Lane lane, List<PlannedWrite> writes, EventUsage usage, CancellationToken cancellationToken)
    {
        EventId id = writes[0].Event;
        await transaction.ExecuteAsync([LaneStore.LockFor(lane)], cancellationToken);
        await writer.WriteAsync(transaction, lane, MemoryStore.DefaultCollection, new Authorship(wanted.Principal.Actor, "none", null), writes, cancellationToken);
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
        return new Written(id, answer);
    }

    private static async Task<EventId?> ClaimAsync(MemoryTransaction transaction, Wanted wanted, CancellationToken cancellationToken) =>
        wanted.Key is null ? null : await IdempotencyLog.ClaimAsync(transaction, wanted.Principal, wanted.Key, wanted.Hash, cancellationToken);

    private async Task<Written> ReadAsync(Wanted wanted, EventId id, CancellationToken cancellationToken) =>
        new(id, (await events.GetAsync(wanted.Principal, id, cancellationToken)).Results);

    private Fact AsFact(NewMessage message, MemoryScope scope, DateOnly? expiresOn)
    {
        RequireLength(message.Content);
        return new Fact(
            message.Content, MemoryKind.Fact, null, Importance: 0.5, Confidence: 1, Trusted: message.Role == "user",
            Source: "api", SourceSeqs: [], At: NotAfterNow(message.At))
        {
            AgentId = scope.AgentId,
            AppId = scope.AppId,
            RunId = scope.RunId,
            Metadata = message.Metadata,
            ExpiresOn = expiresOn,
        };
    }

    private Fact AsFact(MemoryRecord target, MemoryChange change)
    {
        if (change.Content is not null)
        {
            if (string.IsNullOrWhiteSpace(change.Content))
                throw new InvalidInputException("text", "text is blank: to remove the memory, delete it.");
            RequireLength(WellFormedText.Require("text", change.Content));
        }

        return new Fact(
            // Another text may be about something else: it keeps its kind, but no longer stands for an attribute.
            change.Content ?? target.Content, target.Kind, change.Content is null ? target.Attribute : null, target.Importance, target.Confidence, target.Trusted,
            Source: "api", SourceSeqs: [], At: NotAfterNow(change.At), ValidFrom: change.Content is null ? target.ValidFrom : null)
        {
            Metadata = change.Metadata ?? target.Metadata,
            ExpiresOn = target.ExpiresOn,
        };
    }

    private DateTimeOffset NotAfterNow(DateTimeOffset? at)
    {
        DateTimeOffset now = time.GetUtcNow();
        return at < now ? at.Value : now;
    }

    private static void RequireLength(string content)
    {
        if (content.Length > MaxContentLength)
            throw new InvalidInputException("text", $"A memory has {content.Length} characters; at most {MaxContentLength} are allowed.");
    }

    /// <param name="Hash">Of all that is asked for.</param>
    private sealed record Wanted(Principal Principal, string Kind, IngestionRequest Request, IdempotencyKey? Key, byte[] Hash);

    private sealed record Written(EventId Event, IReadOnlyList<OperationResult> Results);
}
