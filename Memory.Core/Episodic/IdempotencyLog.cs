using Memory.Core.Privacy;
using Memory.Core.Storage;

namespace Memory.Core.Episodic;

/// <summary>Which writes were done under a caller's idempotency key, and with which event they were answered.</summary>
public static class IdempotencyLog
{
    // Of the transaction, so that it ends with it under any pooler. Two keys of one hash would only see a 409 too many.
    private const string Hold = "select pg_try_advisory_xact_lock(hashtextextended($1, 0))";

    private const string Read = """
        select request_hash, event_id
          from idempotency_keys
         where project_id = $1 and principal = $2 and key = $3
        """;

    private const string Insert = """
        insert into idempotency_keys (project_id, principal, key, request_hash, event_id)
        values ($1, $2, $3, $4, $5)
        """;

    /// <summary>The first step of a write that has a key: nobody else does it until the transaction ends.</summary>
    /// <returns>The event that the write was answered with before; null: it is to be done now.</returns>
    /// <exception cref="RequestInProgressException">Another request with the key has not ended.</exception>
    /// <exception cref="IdempotencyKeyReusedException">The key was used for something else.</exception>
    public static async Task<EventId?> ClaimAsync(
        MemoryTransaction transaction, Principal principal, IdempotencyKey key, byte[] requestHash, CancellationToken cancellationToken)
    {
        // One trip, but two statements: the second must see what the last holder of the lock has committed.
        (List<bool> held, List<(byte[] Hash, EventId Event)> done) = await transaction.QueryAsync(
            new Sql<bool>(Hold, row => row.GetBoolean(0), $"{principal.Project}:{principal.Actor}:{key.Value}"),
            new Sql<(byte[], EventId)>(Read, row => (row.GetFieldValue<byte[]>(0), new EventId(row.GetGuid(1))), principal.Project, principal.Actor, key.Value),
            cancellationToken);
        if (!held[0])
            throw new RequestInProgressException();
        if (done.Count == 0)
            return null;
        return done[0].Hash.AsSpan().SequenceEqual(key.Whole ?? requestHash) ? done[0].Event : throw new IdempotencyKeyReusedException();
    }

    /// <summary>The write is done, and this is its event.</summary>
    public static Sql<bool> Done(Principal principal, IdempotencyKey key, byte[] requestHash, EventId eventId) =>
        Sql.Command(Insert, principal.Project, principal.Actor, key.Value, key.Whole ?? requestHash, eventId);
}
