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
public sealed class DirectWriter(MemoryDb db, MemoryStore store, MemoryWriter writer, Embedder embedder, TimeProvider time)
{
    /// <summary>Longest text of a memory, in UTF-16 units.</summary>
    public const int MaxContentLength = 8 * 1024;

    /// <summary>Keeps each message as it stands, without extraction; what is known word for word is not kept twice.</summary>
    public async Task<(EventId Event, IReadOnlyList<OperationResult> Results)> AddAsync(
        Principal principal, MemoryScope scope, IReadOnlyList<NewMessage> messages, IngestionRequest request,
        CancellationToken cancellationToken)
    {
        AccessPolicy.RequireOwner(principal, scope.Owner);
        if (messages.Count is 0 or > EpisodeLog.MaxMessages)
            throw new InvalidInputException("messages", $"messages has {messages.Count} entries: give 1 to {EpisodeLog.MaxMessages}.");
        var lane = new Lane(principal.Project, scope.Owner);
        List<Fact> facts = [.. messages.Select((message, index) => AsFact(message.Checked(index), scope, request.Checked().ExpiresOn)).DistinctBy(fact => ContentHash.Normalize(fact.Content))];
        List<MemoryRecord> known = await store.MatchingAsync(
            lane, MemoryStore.DefaultCollection, [], [.. facts.Select(fact => fact.Content)], cancellationToken);
        List<MemoryOperation> plan = [.. facts.Select(fact => Decide(fact, known))];
        return await WriteAsync(principal, lane, "ADD", plan, request, cancellationToken);
    }

    /// <summary>Gives a memory a new text, metadata, or both, as a new version.</summary>
    /// <exception cref="NotFoundException">No such memory in the principal's reach.</exception>
    public async Task<MemoryRecord> UpdateAsync(
        Principal principal, MemoryId id, MemoryChange change, CancellationToken cancellationToken)
    {
        MemoryRecord target = await store.GetAsync(principal, id, cancellationToken);
        Fact fact = AsFact(target, change) with { ExpiresOn = change.ClearExpiry ? null : change.ExpiresOn ?? target.ExpiresOn };
        await WriteAsync(
            principal, new Lane(principal.Project, target.Owner), "UPDATE",
            [new MemoryOperation.Update(target, fact, "asked for")], IngestionRequest.Plain, cancellationToken);
        return await store.GetAsync(principal, id, cancellationToken);
    }

    /// <summary>Closes a memory; its history stays.</summary>
    /// <exception cref="NotFoundException">No such memory in the principal's reach.</exception>
    public async Task DeleteAsync(Principal principal, MemoryId id, CancellationToken cancellationToken)
    {
        MemoryRecord target = await store.GetAsync(principal, id, cancellationToken);
        await WriteAsync(
            principal, new Lane(principal.Project, target.Owner), "DELETE",
            [new MemoryOperation.Delete(target, AsFact(target, new MemoryChange()), "asked for")], IngestionRequest.Plain, cancellationToken);
    }

    private MemoryOperation Decide(Fact fact, List<MemoryRecord> known)
    {
        DateTimeOffset now = time.GetUtcNow();
        return Repetition.Of(fact, known, now) ?? new MemoryOperation.Add(new MemoryId(Guid.CreateVersion7(now)), fact, "asked for");
    }

    private async Task<(EventId Event, IReadOnlyList<OperationResult> Results)> WriteAsync(
        Principal principal, Lane lane, string kind, IReadOnlyList<MemoryOperation> plan, IngestionRequest request, CancellationToken cancellationToken)
    {
        using ModelUsage spent = ModelUsage.Begin();
        IReadOnlyList<ReadOnlyMemory<float>?> vectors = await embedder.EmbedAsync(plan, cancellationToken);
        EventUsage usage = EventUsage.None.Plus(spent.ByRole, share: 1);
        var eventId = new EventId(Guid.CreateVersion7(time.GetUtcNow()));
        List<PlannedWrite> writes = [.. plan.Zip(vectors, (operation, vector) => new PlannedWrite(operation, eventId, vector))];
        List<OperationResult> results = [.. writes.Select(write => write.ToResult())];
        var authorship = new Authorship(principal.Actor, "none", null);
        try
        {
            await db.TransactionAsync(
                principal.Project,
                async transaction =>
                {
                    await transaction.ExecuteAsync([LaneStore.LockFor(lane), IngestionEventLog.Done(lane, eventId, kind, request, results, usage)], cancellationToken);
                    await writer.WriteAsync(transaction, lane, MemoryStore.DefaultCollection, authorship, writes, cancellationToken);
                },
                cancellationToken);
        }
        catch (Npgsql.PostgresException raced) when (raced.SqlState == Npgsql.PostgresErrorCodes.UniqueViolation)
        {
            throw new ConflictingWriteException("An equal memory, or a newer version of this one, was written at the same time: read it again.");
        }

        return (eventId, results);
    }

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
}

/// <summary>What a caller wants changed of a memory; null leaves it as it is.</summary>
public sealed record MemoryChange(string? Content = null, string? Metadata = null, DateTimeOffset? At = null, DateOnly? ExpiresOn = null, bool ClearExpiry = false);
