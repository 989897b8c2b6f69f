using Memory.Core.Episodic;
using Memory.Core.Ingestion.Reconciliation;
using Memory.Core.Lanes;
using Memory.Core.LongTerm;
using Memory.Core.Privacy;

namespace Memory.Core.Ingestion;

/// <summary>Adds, changes and deletes memories as a caller asks for it word by word.</summary>
public sealed class DirectWriter(MemoryStore store, LaneWrites writes)
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
        Written written = await writes.WriteAsync(
            wanted,
            async now =>
            {
                var lane = new Lane(principal.Project, scope.Owner);
                List<Fact> facts = [.. accepted.Select(message => AsFact(message, scope, request.ExpiresOn, now)).DistinctBy(fact => ContentHash.Normalize(fact.Content))];
                List<MemoryRecord> known = await store.MatchingAsync(
                    lane, MemoryStore.DefaultCollection, [], [.. facts.Select(fact => fact.Content)], cancellationToken);
                MemoryOperation[] plan = [.. facts.Select(fact => Decide(fact, known, now))];
                return new DirectPlan(lane, plan)
                {
                    // What is known already may be gone by now: then nothing would remember it.
                    StillFitsAsync = transaction => LaneWrites.RequireActiveAsync(
                        transaction, lane, plan.OfType<MemoryOperation.None>().Select(none => none.Target).OfType<MemoryId>(), cancellationToken),
                };
            },
            cancellationToken);
        return (written.Event, written.Results);
    }

    /// <summary>Gives a memory a new text, metadata, or both, as a new version.</summary>
    /// <param name="key">With the same one the same change is made once, and answered with what it left; null: none.</param>
    /// <exception cref="NotFoundException">No such memory in the principal's reach.</exception>
    /// <exception cref="AnswerForgottenException">It was done under the key, and what it left was forgotten since.</exception>
    public async Task<MemoryRecord> UpdateAsync(
        Principal principal, MemoryId id, MemoryChange change, IdempotencyKey? key, CancellationToken cancellationToken)
    {
        var wanted = new Wanted(principal, "UPDATE", IngestionRequest.Plain, key, IdempotencyKey.HashOf(new { Write = "update", id, change }));
        Written written = await writes.WriteAsync(
            wanted,
            async now =>
            {
                MemoryRecord target = await store.GetAsync(principal, id, cancellationToken);
                return new DirectPlan(new Lane(principal.Project, target.Owner), [Changed(target, change, now)]);
            },
            cancellationToken);
        return written.After;
    }

    /// <summary>Closes a memory; its history stays.</summary>
    /// <param name="key">With the same one the memory is closed once, and that is no error the next time; null: none.</param>
    /// <exception cref="NotFoundException">No such memory in the principal's reach.</exception>
    public Task DeleteAsync(Principal principal, MemoryId id, IdempotencyKey? key, CancellationToken cancellationToken)
    {
        var wanted = new Wanted(principal, "DELETE", IngestionRequest.Plain, key, IdempotencyKey.HashOf(new { Write = "delete", id }));
        return writes.WriteAsync(
            wanted,
            async now =>
            {
                MemoryRecord target = await store.GetAsync(principal, id, cancellationToken);
                return new DirectPlan(new Lane(principal.Project, target.Owner), [Closed(target, now)]);
            },
            cancellationToken);
    }

    /// <summary>How a memory is changed as it is asked for.</summary>
    internal static MemoryOperation Changed(MemoryRecord target, MemoryChange change, DateTimeOffset now)
    {
        Fact fact = AsFact(target, change, now) with { ExpiresOn = change.ClearExpiry ? null : change.ExpiresOn ?? target.ExpiresOn };
        return new MemoryOperation.Update(target, fact, "asked for");
    }

    /// <summary>How a memory is closed as it is asked for.</summary>
    internal static MemoryOperation Closed(MemoryRecord target, DateTimeOffset now) =>
        new MemoryOperation.Delete(target, AsFact(target, new MemoryChange(), now), "asked for");

    private static MemoryOperation Decide(Fact fact, List<MemoryRecord> known, DateTimeOffset now) =>
        Repetition.Of(fact, known, now) ?? new MemoryOperation.Add(new MemoryId(Guid.CreateVersion7(now)), fact, "asked for");

    private static Fact AsFact(NewMessage message, MemoryScope scope, DateOnly? expiresOn, DateTimeOffset now)
    {
        RequireLength(message.Content);
        return new Fact(
            message.Content, MemoryKind.Fact, null, Importance: 0.5, Confidence: 1, Trusted: message.Role == "user",
            Source: "api", SourceSeqs: [], At: Earlier(message.At, now))
        {
            AgentId = scope.AgentId,
            AppId = scope.AppId,
            RunId = scope.RunId,
            Metadata = message.Metadata,
            ExpiresOn = expiresOn,
        };
    }

    private static Fact AsFact(MemoryRecord target, MemoryChange change, DateTimeOffset now)
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
            Source: "api", SourceSeqs: [], At: Earlier(change.At, now), ValidFrom: change.Content is null ? target.ValidFrom : null)
        {
            Metadata = change.Metadata ?? target.Metadata,
            ExpiresOn = target.ExpiresOn,
        };
    }

    private static DateTimeOffset Earlier(DateTimeOffset? at, DateTimeOffset now) => at < now ? at.Value : now;

    private static void RequireLength(string content)
    {
        if (content.Length > MaxContentLength)
            throw new InvalidInputException("text", $"A memory has {content.Length} characters; at most {MaxContentLength} are allowed.");
    }
}
